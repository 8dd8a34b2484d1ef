// From the bytes of a binary tensor to a Lua list, or to JSON.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/tensor/datatype.h"
#include "scripting/lua.h"

namespace perigee {

// Values that bytes hold; nothing where they end within a value.
std::optional<size_t> count_values(std::string_view bytes, Datatype datatype);

// Pushes a list of the values of bytes that hold `count` of them: truth values, numbers, strings;
// integers of 64 bits as numbers up to 2^53, and beyond that 5LL or 5ULL.
void push_value_list(lua_State* L, std::string_view bytes, Datatype datatype, size_t count);

// Appends a JSON list of the values, numbers as short as their datatype allows; what is no finite
// number is null. Throws std::runtime_error for strings that are not UTF-8, which `place` begins.
void append_value_json(std::string& out, std::string_view bytes, Datatype datatype,
                       std::string_view place);

}  // namespace perigee
