#include "scripting/values/value_copy.h"

#include <stdexcept>

#include <doctest/doctest.h>

#include "scripting/json_codec.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

struct CopyFixture {
  void push(const std::string& expression) {
    lua_settop(L, 0);
    REQUIRE_MESSAGE(luaL_dostring(L, ("return " + expression).c_str()) == 0, lua_tostring(L, -1));
  }
  // Whether a condition on `v` holds for the copy of a value, in another Lua state.
  bool holds(const std::string& expression, const std::string& condition) {
    push(expression);
    const std::string copy = copy_value(L, 1, "data");
    CHECK(lua_gettop(L) == 1);
    const LuaStatePtr other = make_lua_state(/*jit=*/true);
    push_value_safely(other.get(), copy);
    lua_setglobal(other.get(), "v");
    const std::string chunk = "return " + condition;
    REQUIRE_MESSAGE(luaL_dostring(other.get(), chunk.c_str()) == 0, lua_tostring(other.get(), -1));
    return lua_toboolean(other.get(), -1) != 0;
  }
  std::string error(const std::string& expression) {
    push(expression);
    try {
      copy_value(L, 1, "data");
    } catch (const std::runtime_error& refused) {
      CHECK(lua_gettop(L) == 1);
      return refused.what();
    }
    return "no error";
  }

  LuaStatePtr state = make_lua_state(/*jit=*/true);
  lua_State* L = state.get();
};

}  // namespace

TEST_CASE_FIXTURE(CopyFixture, "plain values are copied") {
  CHECK(holds("nil", "v == nil"));
  CHECK(holds("true", "v == true"));
  CHECK(holds("false", "v == false"));
  CHECK(holds("'iris'", "v == 'iris'"));
  CHECK(holds("''", "v == ''"));
  CHECK(holds("-2.5", "v == -2.5"));
}

TEST_CASE_FIXTURE(CopyFixture, "strings keep every byte, zero bytes as well") {
  CHECK(holds(R"('caf\233\0\255')", R"(v == 'caf\233\0\255')"));
  CHECK(holds(R"({ ['\233\0'] = '\128' })", R"(v['\233\0'] == '\128')"));
}

TEST_CASE_FIXTURE(CopyFixture, "numbers keep their value, those that JSON does not know as well") {
  CHECK(holds("{ 2^53, -2^53, 2^53 - 1, 2^63, 5e-324 }",
              "v[1] == 2^53 and v[2] == -2^53 and v[3] == 2^53 - 1 and v[4] == 2^63 and "
              "v[5] == 5e-324"));
  CHECK(holds("0/0", "v ~= v"));
  CHECK(holds("{ 1/0, -1/0 }", "v[1] == 1/0 and v[2] == -1/0"));
  CHECK(holds("-0.0", "1/v == 1/-0.0"));
}

TEST_CASE_FIXTURE(CopyFixture, "tables keep lists, names, holes and keys of other kinds") {
  CHECK(holds("{ 1, 'two', { 3 } }", "#v == 3 and v[2] == 'two' and v[3][1] == 3"));
  CHECK(holds("{ 1, 2, n = 2 }", "#v == 2 and v.n == 2"));
  CHECK(holds("{ [0] = 'a', [7] = 'b', [-1.5] = 'c', [true] = 'd', [2^53] = 'e' }",
              "v[0] == 'a' and v[7] == 'b' and v[-1.5] == 'c' and v[true] == 'd' and "
              "v[2^53] == 'e'"));
  CHECK(holds("{ 1, nil, 3 }", "v[1] == 1 and v[2] == nil and v[3] == 3"));
  CHECK(holds("{}", "next(v) == nil"));
  CHECK(holds("(function() local t = { 1 } return { a = t, b = t } end)()",
              "v.a[1] == 1 and v.b[1] == 1"));
}

TEST_CASE_FIXTURE(CopyFixture,
                  "json.null and the mark of json.array stay, other metatables do not") {
  lua_newtable(L);
  push_json_null(L);
  lua_setfield(L, 1, "nothing");
  lua_newtable(L);
  mark_json_array(L);
  lua_setfield(L, 1, "list");
  push_value_safely(L, copy_value(L, 1, "data"));
  std::string text;
  encode_json(L, -1, text);
  CHECK(text == R"({"list":[],"nothing":null})");
  CHECK(holds("setmetatable({ a = 1 }, { __index = { b = 2 } })",
              "v.a == 1 and v.b == nil and getmetatable(v) == nil"));
}

TEST_CASE_FIXTURE(CopyFixture, "what can't be copied is refused with its place") {
  CHECK(error("print") == "data is a function");
  CHECK(error("{ users = { 1, 2, { cb = print } } }") == "data.users[3].cb is a function");
  CHECK(error("{ ['a key'] = { ['\\1\"'] = io.stdout } }") ==
        R"(data["a key"]["\u0001\""] is a userdata)");
  CHECK(error("{ [true] = { [1.5] = coroutine.create(print) } }") == "data[true][1.5] is a thread");
  CHECK(error("{ n = require('ffi').new('int[1]') }") == "data.n is a cdata");
  CHECK(error("{ a = { [print] = 1 } }") == "data.a has a key that is a function");
  CHECK(error("setmetatable({}, { ['perigee.no_copy'] = 'is a response' })") ==
        "data is a response");
}

TEST_CASE_FIXTURE(CopyFixture, "a table that contains itself is refused, and so is one too deep") {
  CHECK(error("(function() local t = {} t.me = t return t end)()") ==
        "data.me is data again: a table that contains itself");
  CHECK(error("(function() local t = { list = { {} } } t.list[1].up = t.list return t end)()") ==
        "data.list[1].up is data.list again: a table that contains itself");
  constexpr const char* kNested =
      "(function() local t = {} for i = 1, %d do t = { deeper = t } end return t end)()";
  const auto nested = [&](int depth) {
    std::string expression = kNested;
    return expression.replace(expression.find("%d"), 2, std::to_string(depth));
  };
  CHECK(holds(nested(199), "v.deeper.deeper.deeper ~= nil"));
  const std::string refused = error(nested(200));
  CHECK(refused.find("data.deeper.deeper") == 0);
  CHECK(refused.find(" is nested too deeply: more than 200 tables") != std::string::npos);
  CHECK(refused.size() < 250);
}

TEST_CASE_FIXTURE(CopyFixture, "integers of 64 bits stay what they are") {
  CHECK(holds("9007199254740993LL", "v == 9007199254740993LL and tostring(v):match('LL$') ~= nil"));
  CHECK(holds("{ a = -5LL }", "v.a == -5LL"));
  CHECK(holds("18446744073709551615ULL", "tostring(v) == '18446744073709551615ULL'"));
}

}  // namespace perigee
