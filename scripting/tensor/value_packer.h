// From Lua values to the bytes of a binary tensor.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/tensor/datatype.h"
#include "scripting/lua.h"

namespace perigee {

// Appends the value at `index`, or those of a list of them, which may be nested in any way and is
// taken in order; returns how many there were. Numbers are rounded to the datatype; integers of 64
// bits may be numbers, 5LL or decimal strings, and json.null is a real that is not a number. Throws
// std::runtime_error about what does not fit, which `place` begins: `values[3][2] must be ...`.
size_t pack_values(lua_State* L, int index, Datatype datatype, std::string_view place,
                   std::string& out);

}  // namespace perigee
