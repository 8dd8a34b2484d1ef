#include "scripting/plain_json.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "scripting/json_codec.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

struct PlainJsonFixture {
  LuaStatePtr state = make_lua_state(/*jit=*/true);
  lua_State* L = state.get();

  // What a text becomes when it is decoded and encoded again; "left" if it is left to others.
  std::string read(const std::string& text, Decoding decoding = {}) {
    lua_settop(L, 0);
    if (!decode_plain_json(L, text, decoding)) {
      CHECK(lua_gettop(L) == 0);
      return "left";
    }
    REQUIRE(lua_gettop(L) == 1);
    std::string again;
    encode_json(L, -1, again);
    return again;
  }
};

std::string nested(size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

}  // namespace

TEST_CASE_FIXTURE(PlainJsonFixture, "values of all kinds are read") {
  const std::string text =
      R"({"a":[1,-2,0.5,1e+300,true,false,"x",{}],"b":{"c":"\u00e9\n\ud83d\ude00\u0000"},"d":[]})";
  CHECK(read(text) ==
        "{\"a\":[1,-2,0.5,1e+300,true,false,\"x\",{}],\"b\":{\"c\":\"\u00e9\\n\U0001F600\\u0000\"},"
        "\"d\":[]}");
  CHECK(read(" 7 ") == "7");
  CHECK(read(R"("text")") == R"("text")");
}

TEST_CASE_FIXTURE(PlainJsonFixture, "the last of equal keys counts") {
  CHECK(read(R"({"a":1,"b":2,"a":3})") == R"({"a":3,"b":2})");
}

TEST_CASE_FIXTURE(PlainJsonFixture, "null stays in arrays, and elsewhere if it is kept") {
  CHECK(read(R"({"a":null,"b":[null,1]})") == R"({"b":[null,1]})");
  CHECK(read(R"({"a":null})", {.integers = Integers::kNumbers, .keeps_nulls = true}) ==
        R"({"a":null})");
}

TEST_CASE_FIXTURE(PlainJsonFixture, "whole numbers of 64 bits become what is asked for") {
  const std::string text = "[9007199254740993,-9007199254740993,18446744073709551615]";
  CHECK(read(text) == "[9007199254740992,-9007199254740992,18446744073709551616]");
  CHECK(read(text, {.integers = Integers::kExact, .keeps_nulls = false}) == text);
  CHECK(read(text, {.integers = Integers::kText, .keeps_nulls = false}) ==
        R"(["9007199254740993","-9007199254740993","18446744073709551615"])");
}

TEST_CASE_FIXTURE(PlainJsonFixture, "a text longer than what a parser keeps room for is read") {
  const std::string text = '"' + std::string(3 << 20, 'x') + '"';
  CHECK(read(text) == text);
}

TEST_CASE_FIXTURE(PlainJsonFixture, "texts that are no plain JSON are left") {
  const std::vector<std::string> texts{"",
                                       "{",
                                       "[1,]",
                                       "nan",
                                       "01",
                                       "1 2",
                                       "\"a\nb\"",
                                       "\"\xff\"",
                                       R"("\ud800")",
                                       "\xef\xbb\xbf{}",
                                       "1e999",
                                       "18446744073709551616",
                                       std::string("1\0", 2),
                                       std::string("\"\0\"", 3),
                                       nested(201),
                                       nested(5000)};
  for (const std::string& text : texts) {
    CAPTURE(text);
    CHECK(read(text) == "left");
  }
  CHECK(read(nested(200)) == nested(200));
}

}  // namespace perigee
