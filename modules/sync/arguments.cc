#include "modules/sync/arguments.h"

#include <cmath>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "engine/base/duration.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

constexpr double kMsInNs = 1e6;
constexpr double kLongestMs = 1e12;  // some 30 years

double bound_at(lua_State* L, int index, std::string_view key) {
  const double value = lua_tonumber(L, index);
  if (lua_type(L, index) != LUA_TNUMBER || std::isnan(value))
    throw std::runtime_error(fmt::format("{} must be a number", key));
  return value;
}

}  // namespace

std::optional<Duration> timeout_at(lua_State* L, int index) {
  if (lua_isnoneornil(L, index)) return std::nullopt;
  std::optional<Duration> timeout;
  if (lua_type(L, index) == LUA_TNUMBER) {
    const double ms = lua_tonumber(L, index);
    if (ms >= 0 && ms <= kLongestMs) timeout = Duration(static_cast<int64_t>(ms * kMsInNs));
  } else {
    timeout = parse_duration(view_at(L, index));
  }
  if (timeout && *timeout >= Duration::zero()) return timeout;
  throw std::runtime_error(
      "timeout must be a duration like \"10s\", or a number of milliseconds, from 0");
}

size_t count_at(lua_State* L, int index, const char* name, size_t max) {
  const double count = lua_tonumber(L, index);
  if (count >= 1 && count <= static_cast<double>(max) && count == std::floor(count))
    return static_cast<size_t>(count);
  throw std::runtime_error(fmt::format("{} must be a whole number from 1 to {}", name, max));
}

sync::CounterRange range_at(lua_State* L, int index) {
  sync::CounterRange range;
  if (lua_isnoneornil(L, index)) return range;
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
    const std::string key(lua_type(L, -2) == LUA_TSTRING ? view_at(L, -2) : "[...]");
    if (key != "min" && key != "max")
      throw std::runtime_error(fmt::format("there is no setting {}; there are min, max", key));
    (key == "min" ? range.min : range.max) = bound_at(L, -1, key);
  }
  if (range.min > range.max)
    throw std::runtime_error(fmt::format("min {} is above max {}", range.min, range.max));
  return range;
}

}  // namespace perigee
