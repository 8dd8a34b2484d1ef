#include "scripting/values/wide_integer.h"

#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "scripting/lua_state.h"

namespace perigee {
namespace {

constexpr int64_t kMaxExact = int64_t{1} << 53;

struct IntegerFixture {
  LuaStatePtr state = make_lua_state(/*jit=*/true);
  lua_State* L = state.get();

  std::string text(const std::string& expression) {
    lua_settop(L, 0);
    REQUIRE_MESSAGE(luaL_dostring(L, ("return " + expression).c_str()) == 0, lua_tostring(L, -1));
    const auto value = wide_integer_at(L, 1);
    CHECK(lua_gettop(L) == 1);
    return value ? value->text() : "none";
  }
  // What tostring makes of a pushed value.
  template <typename Integer>
  std::string pushed(void (*push)(lua_State*, Integer), Integer value) {
    lua_settop(L, 0);
    lua_getglobal(L, "tostring");
    push(L, value);
    CHECK(lua_gettop(L) == 2);
    lua_call(L, 1, 1);
    return lua_tostring(L, 1);
  }
};

TEST_CASE_FIXTURE(IntegerFixture, "LuaJIT's integers of 64 bits are read, and nothing else is") {
  CHECK(text("5LL") == "5");
  CHECK(text("-9223372036854775807LL - 1") == "-9223372036854775808");
  CHECK(text("18446744073709551615ULL") == "18446744073709551615");
  CHECK(text("5") == "none");
  CHECK(text("'5LL'") == "none");
  CHECK(text("require('ffi').new('int[1]')") == "none");
}

TEST_CASE_FIXTURE(IntegerFixture, "an integer is a number as far as numbers are exact") {
  CHECK(pushed(push_int64, int64_t{-7}) == "-7");
  CHECK(pushed(push_int64, kMaxExact) == "9.007199254741e+15");
  CHECK(pushed(push_int64, kMaxExact + 1) == "9007199254740993LL");
  CHECK(pushed(push_int64, -kMaxExact - 1) == "-9007199254740993LL");
  CHECK(pushed(push_uint64, uint64_t{kMaxExact} + 1) == "9007199254740993ULL");
}

TEST_CASE_FIXTURE(IntegerFixture, "the largest integers are pushed with all their digits") {
  CHECK(pushed(push_int64, std::numeric_limits<int64_t>::max()) == "9223372036854775807LL");
  CHECK(pushed(push_int64, std::numeric_limits<int64_t>::min()) == "-9223372036854775808LL");
  CHECK(pushed(push_uint64, std::numeric_limits<uint64_t>::max()) == "18446744073709551615ULL");
}

}  // namespace
}  // namespace perigee
