// The shape of a tensor, from a Lua list.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/tensor/datatype.h"
#include "scripting/lua.h"

namespace perigee {

// How many values the shape at `index` holds. Throws std::runtime_error, which begins with `place`,
// for what is no list of sizes, and for a tensor larger than any may be.
size_t read_value_count(lua_State* L, int index, std::string_view place);

// "[1,4]", of a shape that has been read.
std::string shape_text(lua_State* L, int index);

// Refuses to make a tensor that is larger than any may be.
void check_tensor_size(size_t values, size_t bytes_each);

}  // namespace perigee
