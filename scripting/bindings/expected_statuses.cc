#include "scripting/bindings/expected_statuses.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/limits.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

using Range = http::StatusSet::Range;

constexpr const char* kType = "perigee.http.expected_statuses";

int read_status(lua_State* L, int index) {
  const double status = lua_type(L, index) == LUA_TNUMBER ? lua_tonumber(L, index) : -1;
  if (status < 0 || status > 999 || status != std::floor(status)) {
    throw std::runtime_error(
        "http.expected_statuses: each argument must be a status like 200 or a range like "
        "{ min = 200, max = 299 }");
  }
  return static_cast<int>(status);
}

int read_bound(lua_State* L, int range, const char* name) {
  lua_getfield(L, range, name);
  const int bound = read_status(L, -1);
  lua_pop(L, 1);
  return bound;
}

Range read_range(lua_State* L, int index) {
  if (!lua_istable(L, index)) {
    const int status = read_status(L, index);
    return {status, status};
  }
  const Range range{read_bound(L, index, "min"), read_bound(L, index, "max")};
  if (range.first > range.last) {
    throw std::runtime_error(fmt::format(
        "http.expected_statuses: the range from {} to {} holds nothing", range.first, range.last));
  }
  return range;
}

}  // namespace

void ExpectedStatuses::open(lua_State* L) {
  luaL_newmetatable(L, kType);
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pop(L, 1);
  lua_newtable(L);
  values_ = luaL_ref(L, LUA_REGISTRYINDEX);
}

int ExpectedStatuses::push(lua_State* L) {
  const int count = lua_gettop(L);
  if (count == 0) throw std::runtime_error("http.expected_statuses: there is no argument");
  std::vector<Range> ranges;
  for (int i = 1; i <= count; ++i)
    ranges.push_back(read_range(L, i));
  http::StatusSet set(std::move(ranges));

  lua_rawgeti(L, LUA_REGISTRYINDEX, values_);
  const auto known = std::find(sets_.begin() + kOff + 1, sets_.end(), set);
  const auto id = static_cast<int>(known - sets_.begin());
  if (known != sets_.end()) {
    lua_rawgeti(L, -1, id);
    return 1;
  }
  if (sets_.size() == limits::kExpectedStatuses) {
    throw std::runtime_error(fmt::format(
        "http.expected_statuses: more than {} different sets; make them at the top of the script",
        limits::kExpectedStatuses));
  }
  sets_.push_back(std::move(set));
  new (lua_newuserdata(L, sizeof(Id))) Id(static_cast<Id>(id));
  luaL_getmetatable(L, kType);
  lua_setmetatable(L, -2);
  lua_pushvalue(L, -1);
  lua_rawseti(L, -3, id);
  return 1;
}

ExpectedStatuses::Id ExpectedStatuses::read(lua_State* L, int index, const char* what) const {
  if (lua_isnil(L, index) || (lua_isboolean(L, index) && lua_toboolean(L, index) == 0)) return kOff;
  bool ours = false;
  if (lua_isuserdata(L, index) && lua_getmetatable(L, index) != 0) {
    luaL_getmetatable(L, kType);
    ours = lua_rawequal(L, -1, -2) != 0;
    lua_pop(L, 2);
  }
  if (ours) return *static_cast<const Id*>(lua_touserdata(L, index));
  throw std::runtime_error(fmt::format(
      "{} must be what http.expected_statuses(...) returns, or false to judge no status, got a {}",
      what, luaL_typename(L, index)));
}

}  // namespace perigee
