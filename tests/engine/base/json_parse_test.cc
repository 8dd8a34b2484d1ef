#include "engine/base/json_parse.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace perigee {
namespace {

std::string error(std::string_view text) {
  try {
    parse_json(text);
  } catch (const JsonError& refused) {
    CHECK_THROWS_WITH_AS(parse_ordered_json(text), refused.what(), JsonError);
    CHECK_THROWS_WITH_AS(check_json(text), refused.what(), JsonError);
    return refused.what();
  }
  CHECK_NOTHROW(check_json(text));
  return "no error";
}

TEST_CASE("an error has its place and shows what was read there") {
  CHECK(
      error("{\"a\":}") ==
      "parse error at line 1, column 6 (byte 6): unexpected '}'; expected '[', '{', or a literal; "
      "near: {\"a\":}");
  CHECK(error("[1,\n  2,\n  nul]") ==
        "parse error at line 3, column 6 (byte 15): invalid literal; near: [1,\\n  2,\\n  nul]");
  CHECK(error("<html>\n<body>502 Bad Gateway</body>") ==
        "parse error at line 1, column 1 (byte 1): invalid literal; near: "
        "<html>\\n<body>502 Bad Gateway</body>");
  CHECK(error("") == "parse error at line 1, column 1 (byte 1): the text is empty");
  CHECK(error("[1, 2") ==
        "parse error at line 1, column 6 (byte 6): unexpected end of input; expected ']'; near: "
        "[1, 2");
  CHECK(error("[1e999]").find("number overflow parsing '1e999'; near: [1e999]") !=
        std::string::npos);
}

TEST_CASE("of a long text only what is near the error is shown") {
  const std::string text = "[" + std::string(500, ' ') + "\xc3\xa4" + std::string(500, ' ') + "]";
  CHECK(error(text).find("; near: ..." + std::string(40, ' ') + "\xc3\xa4" + std::string(38, ' ') +
                         "...") != std::string::npos);
  CHECK(error("[\"" + std::string(5000, 'x') + "\", \xff]").size() < 250);
}

TEST_CASE("what follows the value is an error, a NUL byte as well") {
  CHECK(error("{} {}").find("unexpected '{'; expected end of input; near: {} {}") !=
        std::string::npos);
  CHECK(error(std::string_view("{\"a\":1}\0 rubbish", 16)) ==
        "parse error at line 1, column 8 (byte 8): a NUL byte; near: {\"a\":1}\\x00 rubbish");
  CHECK(error(std::string_view("{}\0", 3)).find("a NUL byte") != std::string::npos);
  CHECK(error(std::string_view("[1,\0 2]", 7)).find("(byte 4): a NUL byte") != std::string::npos);
  CHECK(error(std::string_view("\"a\0b\"", 5)).find("a NUL byte") != std::string::npos);
  CHECK(error(std::string_view("[x]\0", 4)).find("(byte 2): invalid literal") != std::string::npos);
}

TEST_CASE("half a surrogate pair is U+FFFD, whichever half, and a pair is its character") {
  const auto text = [](std::string_view json) { return parse_json(json).get<std::string>(); };
  CHECK(text(R"("\ud83d")") == "\xef\xbf\xbd");
  CHECK(text(R"("\uDE00 a")") == "\xef\xbf\xbd a");
  CHECK(text(R"("\ud83d\ude00")") == "\xf0\x9f\x98\x80");
  CHECK(text(R"("\ud83d\ud83d\ude00")") == "\xef\xbf\xbd\xf0\x9f\x98\x80");
  CHECK(text(R"("\ude00\ud83d")") == "\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(text(R"("\ud83d\n")") == "\xef\xbf\xbd\n");
  CHECK(text(R"("\\ud83d")") == "\\ud83d");
  CHECK(parse_json(R"({"\ud83d":1})").contains("\xef\xbf\xbd"));
  CHECK(error(R"("\ud83")").find("must be followed by 4 hex digits") != std::string::npos);
}

TEST_CASE("UTF-16 is named as what it is") {
  CHECK(error(std::string_view("\xff\xfe{\0}\0", 6)) == "the text is UTF-16, and JSON is UTF-8");
  CHECK(error(std::string_view("\xfe\xff\0{\0}", 6)) == "the text is UTF-16, and JSON is UTF-8");
}

TEST_CASE("a byte order mark is no part of the text") {
  CHECK(parse_json("\xef\xbb\xbf[1]") == nlohmann::json::array({1}));
}

}  // namespace
}  // namespace perigee
