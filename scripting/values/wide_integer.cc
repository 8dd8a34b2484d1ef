#include "scripting/values/wide_integer.h"

#include <cstring>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "scripting/lua_state.h"

namespace perigee {
namespace {

constexpr int kCdata = 10;  // LUA_TCDATA, which LuaJIT's headers keep for themselves
constexpr int64_t kMaxExact = int64_t{1} << 53;
constexpr const char* kMakers = "perigee.wide_integer";

// LuaJIT has no function for this in C. Each gets the upper half, with its sign, and the lower.
constexpr std::string_view kSource = R"lua(
return {
  function(high, low) return high * 4294967296ULL + low end,
  function(high, low) return high * 4294967296LL + low end,
}
)lua";

void push_makers(lua_State* L) {
  lua_getfield(L, LUA_REGISTRYINDEX, kMakers);
  if (!lua_isnil(L, -1)) return;
  lua_pop(L, 1);
  if (luaL_loadbuffer(L, kSource.data(), kSource.size(), kMakers) != 0) {
    throw std::runtime_error(take_error(L));
  }
  lua_call(L, 0, 1);
  lua_pushvalue(L, -1);
  lua_setfield(L, LUA_REGISTRYINDEX, kMakers);
}

}  // namespace

std::string WideInteger::text() const {
  return is_signed ? fmt::format("{}", static_cast<int64_t>(bits)) : fmt::format("{}", bits);
}

std::optional<WideInteger> wide_integer_at(lua_State* L, int index) {
  if (lua_type(L, index) != kCdata) return std::nullopt;
  // "5LL", "5ULL", "cdata<...>: 0x..."
  if (luaL_callmeta(L, index, "__tostring") == 0) return std::nullopt;
  const std::string_view text = view_at(L, -1);
  const bool is_wide = text.ends_with("LL");
  const bool is_signed = !text.ends_with("ULL");
  lua_pop(L, 1);
  if (!is_wide) return std::nullopt;
  WideInteger value{is_signed, 0};
  std::memcpy(&value.bits, lua_topointer(L, index), sizeof value.bits);
  return value;
}

void push_wide_integer(lua_State* L, WideInteger value) {
  const auto high = static_cast<uint32_t>(value.bits >> 32);
  push_makers(L);
  lua_rawgeti(L, -1, value.is_signed ? 2 : 1);
  lua_remove(L, -2);
  lua_pushnumber(L,
                 value.is_signed ? static_cast<int32_t>(high) : double{static_cast<double>(high)});
  lua_pushnumber(L, static_cast<uint32_t>(value.bits));
  lua_call(L, 2, 1);
}

void push_int64(lua_State* L, int64_t value) {
  if (value >= -kMaxExact && value <= kMaxExact)
    return lua_pushnumber(L, static_cast<double>(value));
  push_wide_integer(L, {true, static_cast<uint64_t>(value)});
}

void push_uint64(lua_State* L, uint64_t value) {
  if (value <= uint64_t{kMaxExact}) return lua_pushnumber(L, static_cast<double>(value));
  push_wide_integer(L, {false, value});
}

}  // namespace perigee
