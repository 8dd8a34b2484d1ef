#include "engine/websocket/utf8_validator.h"

#include <string>

#include <doctest/doctest.h>

namespace perigee::websocket {
namespace {

TEST_CASE("text in any language is UTF-8") {
  CHECK(is_utf8(""));
  CHECK(is_utf8("plain ASCII that is longer than eight bytes"));
  CHECK(is_utf8("Hello-\xc2\xb5@\xc3\x9f\xc3\xb6\xc3\xa4\xc3\xbc\xc3\xa0\xc3\xa1-UTF-8!!"));
  CHECK(is_utf8("\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5"));
  CHECK(is_utf8("\xf0\x9f\x8c\x99"));
}

TEST_CASE("the borders of Unicode are inside of it") {
  CHECK(is_utf8(std::string(1, '\0')));
  CHECK(is_utf8("\x7f"));
  CHECK(is_utf8("\xc2\x80"));
  CHECK(is_utf8("\xdf\xbf"));
  CHECK(is_utf8("\xe0\xa0\x80"));
  CHECK(is_utf8("\xed\x9f\xbf"));
  CHECK(is_utf8("\xee\x80\x80"));
  CHECK(is_utf8("\xef\xbf\xbf"));
  CHECK(is_utf8("\xf0\x90\x80\x80"));
  CHECK(is_utf8("\xf4\x8f\xbf\xbf"));
}

TEST_CASE("what is just outside of Unicode is not UTF-8") {
  CHECK_FALSE(is_utf8("\x80"));
  CHECK_FALSE(is_utf8("\xc1\xbf"));
  CHECK_FALSE(is_utf8("\xe0\x9f\xbf"));
  CHECK_FALSE(is_utf8("\xed\xa0\x80"));
  CHECK_FALSE(is_utf8("\xf0\x8f\xbf\xbf"));
  CHECK_FALSE(is_utf8("\xf4\x90\x80\x80"));
  CHECK_FALSE(is_utf8("\xf5\x80\x80\x80"));
  CHECK_FALSE(is_utf8("\xff"));
}

TEST_CASE("a character that is cut off is not UTF-8, at its end or in the middle") {
  CHECK_FALSE(is_utf8("\xc3"));
  CHECK_FALSE(is_utf8("\xe2\x82"));
  CHECK_FALSE(is_utf8("\xf0\x9f\x8c"));
  CHECK_FALSE(is_utf8("\xe2\x82z"));
}

TEST_CASE("text may come in any pieces") {
  const std::string text = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x8c\x99z";
  Utf8Validator validator;
  for (const char& c : text)
    CHECK(validator.feed({&c, 1}));
  CHECK(validator.finish());
}

TEST_CASE("text is refused at the first byte that makes it invalid") {
  Utf8Validator validator;
  CHECK(validator.feed("\xf4"));
  CHECK_FALSE(validator.feed("\x90"));
}

}  // namespace
}  // namespace perigee::websocket
