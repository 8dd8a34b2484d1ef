#include "scripting/data/value_array.h"

#include <stdexcept>

#include <doctest/doctest.h>

#include "scripting/json_codec.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

struct ListFixture {
  std::unique_ptr<SharedArray> copy(const std::string& expression) {
    lua_settop(L, 0);
    REQUIRE(luaL_dostring(L, ("return " + expression).c_str()) == 0);
    return copy_lua_list(L, -1);
  }
  std::string element(const SharedArray& array, size_t index) {
    array.push(L, index);
    std::string text;
    encode_json(L, -1, text);
    return text;
  }
  std::string error(const std::string& expression) {
    try {
      copy(expression);
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

TEST_CASE_FIXTURE(ListFixture, "a list of Lua values is copied") {
  const auto array = copy("{ { name = 'iris', size = 2 }, 'two', 3 }");
  REQUIRE(array->size() == 3);
  CHECK(element(*array, 0) == R"({"name":"iris","size":2})");
  CHECK(element(*array, 2) == "3");
  CHECK(element(*array, 1) == R"("two")");
  CHECK(copy("{}")->size() == 0);
}

TEST_CASE_FIXTURE(ListFixture, "elements keep what JSON can't hold") {
  const auto array = copy(R"({ 'caf\233', 0/0 })");
  array->push(L, 0);
  CHECK(view_at(L, -1) == "caf\xe9");
  array->push(L, 1);
  CHECK(lua_tonumber(L, -1) != lua_tonumber(L, -1));
}

TEST_CASE_FIXTURE(ListFixture, "what is no list is refused") {
  CHECK(error("nil") == "its function must return a list, got a nil");
  CHECK(error("{ a = 1 }") == "its function must return a list, got a table with named keys");
  CHECK(error("{ 1, a = 1 }") == "its function must return a list, got a table with named keys");
  CHECK(error("{ [1] = 1, [3] = 3 }") == "its function must return a list, got one with holes");
  CHECK(error("{ 1, { cb = print } }") ==
        "its function returned what can't be shared: list[2].cb is a function");
}

}  // namespace perigee
