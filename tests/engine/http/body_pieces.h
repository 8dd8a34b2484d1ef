// Streamed request bodies for the tests of this folder.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/http/body_source.h"
#include "tests/engine/http/http_fixture.h"

namespace perigee::http {

// Gives the pieces of a test, then `error` if there is one.
struct Pieces final : BodySource {
  explicit Pieces(std::vector<std::string> list, std::optional<uint64_t> told = std::nullopt)
      : pieces(std::move(list)), total(told) {}

  std::optional<uint64_t> size() const override { return total; }
  Piece next() override {
    if (given == pieces.size()) return error ? Piece{{}, error} : Piece{};
    return {pieces[given++]};
  }
  bool rewind() override {
    given = 0;
    return rewinds;
  }

  std::vector<std::string> pieces;
  std::optional<uint64_t> total;
  Error error;
  bool rewinds = true;
  size_t given = 0;
};

inline Request post(const std::string& url, BodySource& source) {
  Request request = HttpFixture::request(url, "POST");
  request.source = &source;
  return request;
}

}  // namespace perigee::http
