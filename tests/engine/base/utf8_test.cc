#include "engine/base/utf8.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

// Each character, and in brackets what is none.
std::string parts(std::string_view text) {
  std::string found;
  while (!text.empty()) {
    const Utf8Part part = first_utf8_part(text);
    const std::string bytes(text.substr(0, part.size));
    found += part.valid ? bytes : "[" + std::to_string(part.size) + "]";
    text.remove_prefix(part.size);
  }
  return found;
}

TEST_CASE("characters of one to four bytes are UTF-8") {
  for (const char* text : {"", "iris", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
                           "\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf"}) {
    CHECK(is_utf8(text));
    CHECK(parts(text) == text);
  }
  CHECK(is_utf8(std::string_view("a\0b", 3)));
}

TEST_CASE("what can't be a character is cut where another one could begin") {
  CHECK(parts("caf\xe9") == "caf[1]");
  CHECK(parts("\x80\xff") == "[1][1]");
  CHECK(parts("\xc0\xaf") == "[1][1]");                // an overlong form
  CHECK(parts("\xe2\x82x") == "[2]x");                 // breaks off
  CHECK(parts("\xf0\x9f\x98") == "[3]");               // at the end, too
  CHECK(parts("\xed\xa0\x80") == "[1][1][1]");         // a surrogate
  CHECK(parts("\xf4\x90\x80\x80") == "[1][1][1][1]");  // beyond Unicode
  for (const char* text : {"caf\xe9", "\xe2\x82", "a\xed\xa0\x80", "\xf8"})
    CHECK_FALSE(is_utf8(text));
}

TEST_CASE("UTF-16 is known by its byte order mark, or by the zero bytes of ASCII characters") {
  CHECK(
      is_utf16(std::string_view("\xff\xfe"
                                "a\0",
                                4)));
  CHECK(is_utf16(std::string_view("\xfe\xff\0a", 4)));
  CHECK(is_utf16(std::string_view("a\0b\0", 4)));
  CHECK(is_utf16(std::string_view("\0a\0b", 4)));
  for (const std::string_view text :
       {std::string_view("a,b\n"), std::string_view(""), std::string_view("\0\0\0\0", 4),
        std::string_view("\xef\xbb\xbf")})
    CHECK_FALSE(is_utf16(text));
}

}  // namespace
}  // namespace perigee
