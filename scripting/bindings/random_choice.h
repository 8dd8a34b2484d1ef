// The functions of perigee.random that choose: string, uuid, item, weighted, shuffle.
#pragma once

#include "scripting/lua.h"

namespace perigee {

class RandomSource;

// Adds them to the table on top of the stack.
void add_random_choices(lua_State* L, RandomSource& source);

}  // namespace perigee
