// The routes that exist for tests: answers of a given status, size, delay or badness.
#pragma once

#include <array>
#include <string>

#include "target/json_reply.h"
#include "target/target_request.h"

namespace perigee {

// One per worker, on its thread; must outlive the answers it gives, which refer to its bodies.
class TestRoutes {
 public:
  // The request's route must be one of kStatus to kHang.
  http::Reply reply(const TargetRequest& request, Instant at);

 private:
  http::Reply bytes(std::string_view argument);
  http::Reply delayed(std::string_view argument, http::Reply reply, Instant at);
  std::string_view filler(size_t size);

  // Number i serves sizes up to 2^i; made when first asked for.
  std::array<std::string, 27> fillers_;
};

}  // namespace perigee
