#include "engine/http/line_splitter.h"

#include <vector>

#include <doctest/doctest.h>

namespace perigee::http {
namespace {

using Lines = std::vector<std::string>;

// The lines of a text that comes in pieces of `size` bytes.
Lines split(std::string_view text, size_t size) {
  LineSplitter splitter;
  Lines lines;
  for (; !text.empty(); text.remove_prefix(std::min(size, text.size()))) {
    std::string_view piece = text.substr(0, size);
    while (!piece.empty()) {
      if (splitter.take(piece)) lines.emplace_back(splitter.line());
    }
  }
  if (splitter.finish()) lines.emplace_back(splitter.line());
  return lines;
}

void check_lines(std::string_view text, const Lines& expected) {
  for (size_t size = 1; size <= text.size(); ++size) {
    CAPTURE(size);
    CHECK(split(text, size) == expected);
  }
}

}  // namespace

TEST_CASE("lines end with LF, CR or both, however the bytes are cut") {
  check_lines("one\ntwo\r\nthree\rfour\n", {"one", "two", "three", "four"});
}

TEST_CASE("empty lines are lines") {
  check_lines("\n\r\n\ra\n\n", {"", "", "", "a", ""});
}

TEST_CASE("what has no end is the last line") {
  check_lines("whole\nrest", {"whole", "rest"});
  CHECK(split("", 1).empty());
}

TEST_CASE("a line may be as long as the limit, and no longer") {
  LineSplitter splitter(4);
  std::string_view exact = "1234\n";
  CHECK(splitter.take(exact));
  CHECK(splitter.line() == "1234");
  std::string_view begin = "123";
  CHECK_FALSE(splitter.take(begin));
  CHECK_FALSE(splitter.too_long());
  std::string_view rest = "45\n";
  CHECK_FALSE(splitter.take(rest));
  CHECK(splitter.too_long());
  splitter.reset();
  CHECK_FALSE(splitter.too_long());
}

}  // namespace perigee::http
