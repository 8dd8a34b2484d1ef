// Numbers of messages in Lua's values: numbers, integers of 64 bits, and their decimal text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/protobuf/message_type.h"
#include "scripting/lua.h"

namespace perigee {

// The value at `index` as the wire has it: the varint, or the bits of a fixed number. Nothing if it
// is no such number, out of range or not whole. `kind` is that of a number or a bool.
std::optional<uint64_t> number_bits_at(lua_State* L, int index, protobuf::FieldKind kind);

// Pushes the number that these bits are.
void push_number_bits(lua_State* L, uint64_t bits, protobuf::FieldKind kind);

// "a number", "a whole number from 0 to 4294967295", ...: what `number_bits_at` takes.
std::string expected_number(protobuf::FieldKind kind);

// The key of a map as text: a string, a number or a boolean.
std::string key_text(lua_State* L, int index);

// What a value is, for errors: `the string "abc"`, `the number 1.5`, `a table`, `nothing`.
std::string shown_value(lua_State* L, int index);

}  // namespace perigee
