#include "scripting/json_codec.h"

#include <cmath>
#include <optional>
#include <random>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "scripting/lua_state.h"

namespace perigee {
namespace {

struct JsonFixture {
  LuaStatePtr state = make_lua_state(/*jit=*/true);
  lua_State* L = state.get();

  // Leaves the value of a Lua expression on the stack.
  void push(const std::string& expression) {
    lua_settop(L, 0);
    REQUIRE_MESSAGE(luaL_dostring(L, ("return " + expression).c_str()) == 0, lua_tostring(L, -1));
  }
  std::string encoded(const std::string& expression) {
    push(expression);
    std::string text;
    encode_json(L, 1, text);
    CHECK(lua_gettop(L) == 1);
    return text;
  }
  // Decodes and encodes again.
  std::string round_trip(const std::string& text) {
    lua_settop(L, 0);
    decode_json(L, text, {.integers = Integers::kNumbers, .keeps_nulls = true});
    REQUIRE(lua_gettop(L) == 1);
    std::string again;
    encode_json(L, -1, again);
    return again;
  }
  std::string encode_error(const std::string& expression) {
    push(expression);
    std::string text;
    try {
      encode_json(L, 1, text);
    } catch (const std::runtime_error& error) {
      CHECK(lua_gettop(L) == 1);
      return error.what();
    }
    return "no error: " + text;
  }
  std::string decode_error(const std::string& text) {
    lua_settop(L, 0);
    try {
      decode_json(L, text);
    } catch (const std::runtime_error& error) {
      CHECK(lua_gettop(L) == 0);
      return error.what();
    }
    return "no error";
  }
};

// A random value of limited depth.
nlohmann::json random_value(std::mt19937_64& random, int depth) {
  const auto pick = [&](int least, int most) {
    return std::uniform_int_distribution(least, most)(random);
  };
  const auto text = [&] {
    std::string result;
    for (int i = pick(0, 8); i > 0; --i)
      result += static_cast<char>(pick(1, 127));
    return result;
  };
  nlohmann::json value;
  switch (pick(0, depth == 0 ? 5 : 7)) {
    case 0:
      return nullptr;
    case 1:
      return pick(0, 1) == 1;
    case 2:
      return pick(-1'000'000, 1'000'000);
    case 3:
      return std::uniform_real_distribution(-1e6, 1e6)(random);
    case 4:
      return std::ldexp(std::uniform_real_distribution(-1.0, 1.0)(random), pick(-300, 300));
    case 5:
      return text();
    case 6:
      value = nlohmann::json::array();
      for (int i = pick(0, 4); i > 0; --i)
        value.push_back(random_value(random, depth - 1));
      return value;
    default:
      value = nlohmann::json::object();
      for (int i = pick(0, 4); i > 0; --i)
        value[text()] = random_value(random, depth - 1);
      return value;
  }
}

}  // namespace

TEST_CASE_FIXTURE(JsonFixture, "plain values are encoded as JSON writes them") {
  CHECK(encoded("nil") == "null");
  CHECK(encoded("true") == "true");
  CHECK(encoded("42") == "42");
  CHECK(encoded("-0.5") == "-0.5");
  CHECK(encoded("1e21") == "1e+21");
  CHECK(encoded("0.1") == "0.1");
  CHECK(encoded("2^53") == "9007199254740992");
  CHECK(encoded("1764452345123456768") == "1764452345123456768");
  CHECK(encoded("{ 1e16, -2^60, 1e20 }") ==
        "[10000000000000000,-1152921504606846976,100000000000000000000]");
  CHECK(encoded("'iris'") == "\"iris\"");
}

TEST_CASE_FIXTURE(JsonFixture, "strings are escaped") {
  CHECK(encoded(R"('a"b\\c\n\t\r\1')") == R"("a\"b\\c\n\t\r\u0001")");
  CHECK(encoded("'\xc3\xa4'") == "\"\xc3\xa4\"");
}

TEST_CASE_FIXTURE(JsonFixture, "bytes that are not UTF-8 become U+FFFD, in keys as well") {
  push("{ ['caf\xe9'] = 'a\xffz' }");
  std::string text;
  JsonRepairs repairs;
  encode_json(L, 1, text, &repairs);
  CHECK(text == "{\"caf\xef\xbf\xbd\":\"a\xef\xbf\xbdz\"}");
  CHECK(repairs.strings == 2);
}

TEST_CASE_FIXTURE(JsonFixture, "people are shown numbers that are none") {
  push("{ 0/0, -(0/0), 1/0, -1/0, 1e16 }");
  std::string text;
  show_json(L, 1, text);
  CHECK(text == "[NaN,NaN,inf,-inf,10000000000000000]");
}

TEST_CASE_FIXTURE(JsonFixture, "half a surrogate pair is decoded as U+FFFD") {
  CHECK(round_trip(R"(["\ud83d","\ude00x","\ud83d\ude00"])") ==
        "[\"\xef\xbf\xbd\",\"\xef\xbf\xbdx\",\"\xf0\x9f\x98\x80\"]");
}

TEST_CASE_FIXTURE(JsonFixture, "keys go in sorted order") {
  CHECK(encoded("{ zeta = 1, alpha = 2, mid = { b = 1, a = 2 } }") ==
        R"({"alpha":2,"mid":{"a":2,"b":1},"zeta":1})");
}

TEST_CASE_FIXTURE(JsonFixture, "a list is an array, an empty table is an object") {
  CHECK(encoded("{ 1, 'two', { 3 } }") == R"([1,"two",[3]])");
  CHECK(encoded("{}") == "{}");
}

TEST_CASE_FIXTURE(JsonFixture, "a marked table is an array, even when it is empty") {
  push("{}");
  mark_json_array(L);
  std::string text;
  encode_json(L, 1, text);
  CHECK(text == "[]");
}

TEST_CASE_FIXTURE(JsonFixture, "json.null is null") {
  lua_newtable(L);
  push_json_null(L);
  lua_setfield(L, 1, "nothing");
  std::string text;
  encode_json(L, 1, text);
  CHECK(text == R"({"nothing":null})");
}

TEST_CASE_FIXTURE(JsonFixture, "what JSON does not know is refused") {
  CHECK(encode_error("print") == "cannot be encoded as JSON: a function");
  CHECK(encode_error("{ f = print }") == "cannot be encoded as JSON: a function");
  CHECK(encode_error("0/0") == "cannot be encoded as JSON: the number NaN");
  CHECK(encode_error("1/0") == "cannot be encoded as JSON: the number inf");
  CHECK(encode_error("{ 1, 2, name = 3 }") ==
        "cannot be encoded as JSON: a table with both a list part and named keys (or with holes)");
  CHECK(encode_error("{ [true] = 1 }") ==
        "cannot be encoded as JSON: a table key that is a boolean");
  CHECK(encode_error("{ [0] = 1 }") == "cannot be encoded as JSON: a table key that is a number");
}

TEST_CASE_FIXTURE(JsonFixture, "a table that contains itself is refused") {
  CHECK(encode_error("(function() local t = {} t.me = t return t end)()") ==
        "cannot be encoded as JSON: tables are nested too deeply, or contain themselves");
}

TEST_CASE_FIXTURE(JsonFixture, "what is decoded can be encoded again") {
  for (const char* text : {"null", "[]", "{}", "[[],{}]", R"({"a":[1,2.5,"x",null,true]})",
                           R"(["\"\\\n"])", "[null,1]"}) {
    CHECK(round_trip(text) == text);
  }
}

TEST_CASE_FIXTURE(JsonFixture, "a null is nil, but for those in arrays") {
  const auto decoded = [&](const std::string& text) {
    lua_settop(L, 0);
    decode_json(L, text);
    std::string again;
    encode_json(L, 1, again);
    return again;
  };
  CHECK(decoded(R"({"a":null,"b":{"c":null},"d":1})") == R"({"b":{},"d":1})");
  CHECK(decoded(R"([null,{"a":null},[null]])") == "[null,{},[null]]");
  CHECK(decoded(R"({"a":1,"a":null})") == "{}");
  decode_json(L, "null");
  CHECK(lua_isnil(L, -1));
}

TEST_CASE_FIXTURE(JsonFixture, "whole numbers beyond 2^53 can be had as text") {
  lua_settop(L, 0);
  const char* const text =
      "[9007199254740991,9007199254740992,-9007199254740992,18446744073709551615,"
      "123456789012345678901234567890,1e30,0.5]";
  decode_json(L, text, {.integers = Integers::kText});
  std::string again;
  encode_json(L, 1, again);
  CHECK(again ==
        R"([9007199254740991,"9007199254740992","-9007199254740992","18446744073709551615",)"
        R"("123456789012345678901234567890",1e+30,0.5])");
}

TEST_CASE_FIXTURE(JsonFixture, "what is not JSON is refused with its place") {
  CHECK(decode_error("{\"a\":}").find("not JSON: parse error at line 1, column 6") == 0);
  CHECK(decode_error("").find("not JSON: parse error at line 1, column 1") == 0);
  CHECK(decode_error("[1,2").find("not JSON: ") == 0);
  CHECK(decode_error(std::string("{\"a\":1}\0 rubbish", 16)) ==
        "not JSON: parse error at line 1, column 8 (byte 8): a NUL byte; near: "
        "{\"a\":1}\\x00 rubbish");
  CHECK(decode_error("<html>").find("near: <html>") != std::string::npos);
  CHECK(decode_error("{} {}").find("not JSON: ") == 0);
  CHECK(decode_error(std::string(300, '[')) == "not JSON: nested too deeply");
}

TEST_CASE_FIXTURE(JsonFixture, "random values survive the way to Lua and back") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    const nlohmann::json value = random_value(random, 5);
    CAPTURE(value.dump());
    CHECK(nlohmann::json::parse(round_trip(value.dump())) == value);
  }
}

TEST_CASE_FIXTURE(JsonFixture, "integers of 64 bits have all their digits") {
  CHECK(encoded("{ 9007199254740993LL, -9223372036854775807LL - 1, 18446744073709551615ULL }") ==
        "[9007199254740993,-9223372036854775808,18446744073709551615]");
  CHECK(encode_error("require('ffi').new('int[1]')") == "cannot be encoded as JSON: a cdata");
}

}  // namespace perigee
