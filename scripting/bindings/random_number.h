// The functions of perigee.random that give numbers: seed, float, integer and the distributions.
#pragma once

#include "scripting/lua.h"

namespace perigee {

class RandomSource;

// Adds them to the table on top of the stack.
void add_random_numbers(lua_State* L, RandomSource& source);

}  // namespace perigee
