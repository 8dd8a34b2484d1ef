#include "scripting/values/value_json.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/base/json_text.h"
#include "scripting/lua_state.h"
#include "scripting/values/value_copy.h"

namespace perigee {
namespace {

// The copy of a Lua value as a file has it.
std::string written(const std::string& expression, JsonRepairs* repairs = nullptr) {
  const LuaStatePtr state = make_lua_state(/*jit=*/true);
  lua_State* L = state.get();
  REQUIRE(luaL_dostring(L, ("return " + expression).c_str()) == 0);
  return json_text(json_of_copy(copy_value(L, 1, "data")), -1, repairs);
}

TEST_CASE("a copy is written as json.encode writes the value") {
  CHECK(written("{ b = { 1, 'two', true }, a = {}, c = 2^53 }") ==
        R"({"a":{},"b":[1,"two",true],"c":9007199254740992})");
  CHECK(written("'iris'") == R"("iris")");
}

TEST_CASE("integers of 64 bits have all their digits") {
  CHECK(written("{ 9007199254740993LL, -9223372036854775807LL, 18446744073709551615ULL }") ==
        "[9007199254740993,-9223372036854775807,18446744073709551615]");
}

TEST_CASE("what JSON does not know is written as JavaScript does") {
  CHECK(written("{ 0/0, 1/0, -0.0 }") == "[null,null,0]");
  CHECK(written("{ 1, n = 2, [2.5] = 3, [true] = 4 }") == R"({"1":1,"2.5":3,"n":2,"true":4})");
}

TEST_CASE("bytes that are not UTF-8 are replaced and reported") {
  JsonRepairs repairs;
  CHECK(written(R"({ page = 'caf\233' })", &repairs) == "{\"page\":\"caf\xef\xbf\xbd\"}");
  CHECK(repairs.first == "caf\\xe9");
}

}  // namespace
}  // namespace perigee
