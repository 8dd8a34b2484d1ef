// A target on a free port, and clients to it.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "target/target.h"
#include "tests/support/raw_client.h"

namespace perigee {

// Derive from it, or make one, with options other than the usual ones.
struct TargetFixture {
  explicit TargetFixture(TargetOptions options = {}) : target((options.port = 0, options), log) {}

  uint16_t port() const { return target.address().port(); }
  RawClient connect() const { return RawClient(port()); }
  RawAnswer get(std::string_view path) const { return connect().get(path); }
  RawAnswer post(std::string_view path, std::string_view body) const {
    return connect().post(path, body);
  }
  nlohmann::json stats() const { return nlohmann::json::parse(get("/stats").body); }

  Log log{LogLevel::kError};
  Target target;
};

}  // namespace perigee
