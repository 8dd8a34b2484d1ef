// Lua's math.random, drawn from the generator of the VU that calls it.
#pragma once

#include "scripting/lua.h"

namespace perigee {

class Log;
class RandomSource;

// Replaces math.random, and math.randomseed by one that only says, once, what to write instead: Lua
// has one generator for a state, which many VUs share.
void replace_math_random(lua_State* L, RandomSource& source, Log& log);

}  // namespace perigee
