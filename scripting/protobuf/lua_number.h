// Numbers of messages in Lua's values: numbers, integers of 64 bits, and their decimal text.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "engine/protobuf/message_type.h"
#include "scripting/lua.h"

namespace perigee {

// The value at `index` as the wire has it: the varint, or the bits of a fixed number. Nothing if it
// is no such number, out of range or not whole. `kind` is that of a number or a bool.
std::optional<uint64_t> number_bits_at(lua_State* L, int index, protobuf::FieldKind kind);

// The same for a Lua number on top of the stack, of the kinds that tensors mostly have. Nothing for
// all others too, which `number_bits_at` may know.
inline std::optional<uint64_t> quick_number_bits(lua_State* L, protobuf::FieldKind kind) {
  using protobuf::FieldKind;
  if (lua_type(L, -1) != LUA_TNUMBER) return std::nullopt;
  const double number = lua_tonumber(L, -1);
  if (kind == FieldKind::kDouble) return std::bit_cast<uint64_t>(number);
  if (kind == FieldKind::kFloat) {
    const bool in_range = std::abs(number) <= double{std::numeric_limits<float>::max()};
    if (!in_range) return std::nullopt;
    return std::bit_cast<uint32_t>(static_cast<float>(number));
  }
  if (kind != FieldKind::kInt32 && kind != FieldKind::kInt64) return std::nullopt;
  const int64_t whole = lua_tointeger(L, -1);
  if (static_cast<double>(whole) != number) return std::nullopt;
  if (kind == FieldKind::kInt32 && whole != static_cast<int32_t>(whole)) return std::nullopt;
  return static_cast<uint64_t>(whole);
}

// Pushes the number that these bits are.
void push_number_bits(lua_State* L, uint64_t bits, protobuf::FieldKind kind);

// "a number", "a whole number from 0 to 4294967295", ...: what `number_bits_at` takes.
std::string expected_number(protobuf::FieldKind kind);

// The key of a map as text: a string, a number or a boolean.
std::string key_text(lua_State* L, int index);

// What a value is, for errors: `the string "abc"`, `the number 1.5`, `a table`, `nothing`.
std::string shown_value(lua_State* L, int index);

}  // namespace perigee
