#include "engine/http/http2/head_filter.h"

#include <doctest/doctest.h>

#include "tests/support/http2_frames.h"

namespace perigee::http2 {
namespace {

// What comes out of bytes that go in `step` at a time.
std::string passed(std::string_view bytes, size_t step) {
  HeadFilter filter;
  std::string out;
  while (!bytes.empty()) {
    std::string_view in = bytes.substr(0, step);
    bytes.remove_prefix(in.size());
    while (!in.empty())
      out += filter.take(in).bytes;
  }
  return out;
}

void check_passed(const std::string& bytes, const std::string& expected) {
  for (const size_t step : {size_t{1}, size_t{2}, size_t{8}, size_t{9}, size_t{10}, bytes.size()}) {
    CAPTURE(step);
    CHECK(passed(bytes, step) == expected);
  }
}

const std::string kSettings = http2::settings();

TEST_CASE("frames pass as they are") {
  check_passed(kSettings + http2::headers(1, {{":status", "200"}}) + http2::data(1, "body") +
                   http2::data(3, "") + http2::go_away(3, 0, "debug"),
               kSettings + http2::headers(1, {{":status", "200"}}) + http2::data(1, "body") +
                   http2::data(3, "") + http2::go_away(3, 0, "debug"));
}

TEST_CASE("frames of one head become as few as it needs") {
  const std::string block = http2::field_block({{":status", "200"}, {"x", "y"}});
  const std::string behind = http2::data(1, "body");
  check_passed(kSettings + http2::frame(http2::kHeaders, http2::kEndStream, 1, block.substr(0, 3)) +
                   http2::frame(http2::kContinuation, 0, 1) +
                   http2::frame(http2::kContinuation, 0, 1, block.substr(3)) +
                   http2::frame(http2::kContinuation, http2::kEndHeaders, 1) + behind,
               kSettings +
                   http2::frame(http2::kHeaders, http2::kEndStream | http2::kEndHeaders, 1, block) +
                   behind);
}

TEST_CASE("what is wrong with a head is left to be found") {
  const std::string begun = kSettings + http2::frame(http2::kHeaders, 0, 1, "abc");
  SUBCASE("another frame in between") {
    const std::string bytes = begun + http2::data(1, "x") + http2::data(1, "y");
    check_passed(bytes, bytes);
  }
  SUBCASE("another stream's") {
    const std::string bytes = begun + http2::frame(http2::kContinuation, 4, 3, "x");
    check_passed(bytes, bytes);
  }
  SUBCASE("padding that is longer than the frame") {
    const std::string bytes = kSettings + http2::frame(http2::kHeaders, 8, 1, "\x09 abc") +
                              http2::frame(http2::kContinuation, 4, 1, "x");
    check_passed(bytes, bytes);
  }
  SUBCASE("a text that is longer than the head") {
    const std::string bytes = kSettings + http2::frame(http2::kHeaders, 0, 1, "\x40\x01x") +
                              http2::frame(http2::kContinuation, 4, 1, "\x7ex");
    check_passed(bytes, bytes);
  }
  SUBCASE("a frame that is too large") {
    const std::string bytes =
        begun + http2::frame(http2::kContinuation, 0, 1, std::string(20'000, 'x'));
    check_passed(bytes, bytes);
  }
}

TEST_CASE("what is not HTTP/2 passes at once") {
  const std::string bytes = "SSH\x01" + std::string(1, '\0') + "2.0 and some more bytes of it";
  check_passed(bytes, bytes);
}

}  // namespace
}  // namespace perigee::http2
