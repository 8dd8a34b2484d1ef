#include "target/reply/json_body.h"

#include <doctest/doctest.h>

#include "target/bad_request.h"

namespace perigee {
namespace {

using nlohmann::json;
using namespace std::string_view_literals;

std::string fault(std::string_view body) {
  try {
    parse_json_body(body);
    return "none";
  } catch (const BadRequest& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a body is one document with nothing but blanks around it") {
  CHECK(parse_json_body(" {\"a\":1}\r\n\t") == json{{"a", 1}});
  CHECK(fault("{\"a\":1} {}") == "the body is not JSON: it goes wrong at byte 9: \"{}\"");
  CHECK(fault("{\"a\":1}x") == "the body is not JSON: it goes wrong at byte 8: \"x\"");
}

TEST_CASE("what follows a NUL byte is an error, and so is the byte itself") {
  struct {
    std::string_view body;
    const char* where;
  } cases[] = {{"{\"a\":1}\0"sv, R"(byte 8: "\u0000")"},
               {"{\"a\":1}\0 rubbish"sv, R"(byte 8: "\u0000 rubbish")"},
               {"{\"a\":1}\n\0\0"sv, R"(byte 9: "\u0000\u0000")"},
               {"\0{}"sv, R"(byte 1: "\u0000{}")"},
               {"{\"a\":\0 1}"sv, R"(byte 6: "\u0000 1}")"},
               {"[\"a\0b\"]"sv, R"(byte 4: "\u0000b\"]")"}};
  for (const auto& [body, where] : cases)
    CHECK(fault(body) == std::string("the body is not JSON: it goes wrong at ") + where);
}

TEST_CASE("a body that goes wrong is shown from there, as far as a line allows") {
  CHECK(fault("") == "the body is not JSON: it goes wrong at byte 1, where it ends");
  CHECK(fault(R"({"inputs":)") == "the body is not JSON: it goes wrong at byte 11, where it ends");
  CHECK(fault("[}" + std::string(30, 'x')) ==
        "the body is not JSON: it goes wrong at byte 2: \"}" + std::string(23, 'x') + "\"...");
  CHECK(fault("[1,NaN]").find("NaN]") != std::string::npos);
}

TEST_CASE("half a surrogate pair stands for a character that can't be shown") {
  CHECK(parse_json_body(R"(["a\ud83d"])") == json{"a\uFFFD"});
  CHECK(parse_json_body(R"(["\ud83d\n","\udc00b","\ud83d\ud83d\ude00"])") ==
        json{"\uFFFD\n", "\uFFFDb", "\uFFFD\U0001F600"});
  CHECK(parse_json_body(R"({"\uD800":"\ude00\ud83d"})") == json{{"\uFFFD", "\uFFFD\uFFFD"}});
  CHECK(parse_json_body(R"(["\ud83d\ude00","\\ud83d"])") == json{"\U0001F600", "\\ud83d"});
  CHECK(fault(R"(["\ud83d",])") == R"(the body is not JSON: it goes wrong at byte 11: "]")");
  CHECK(fault(R"(["\ud83)") != "none");
}

TEST_CASE("a document that is nested without end is refused, one with many lists is not") {
  const std::string deep(100'000, '[');
  CHECK(fault(deep) == "the body is nested more than 512 deep");
  CHECK(fault("{\"a\":[" + deep) == "the body is nested more than 512 deep");
  std::string wide = "[[]";
  for (int i = 0; i < 1000; ++i)
    wide += ",[{}]";
  CHECK(parse_json_body(wide + "]").size() == 1001);
  CHECK(parse_json_body("[\"" + deep + "\\\"" + deep + "\"]").size() == 1);
}

TEST_CASE("a number too large for any type is refused") {
  CHECK(fault("[1e999]") == "the body holds a number that is too large");
}

}  // namespace perigee
