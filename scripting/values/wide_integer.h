// 64-bit integers of Lua: numbers as far as these are exact, else LuaJIT's int64_t and uint64_t.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scripting/lua.h"

namespace perigee {

// A value like 5LL or 5ULL.
struct WideInteger {
  bool is_signed;
  uint64_t bits;

  std::string text() const;
};

// Nothing for all other values.
std::optional<WideInteger> wide_integer_at(lua_State* L, int index);
void push_wide_integer(lua_State* L, WideInteger value);

// A number where its absolute value is at most 2^53, else a wide integer.
void push_int64(lua_State* L, int64_t value);
void push_uint64(lua_State* L, uint64_t value);

}  // namespace perigee
