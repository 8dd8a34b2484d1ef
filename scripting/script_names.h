// Names that scripts read without anybody having defined them; prelude/names.lua says how.
#pragma once

#include "scripting/lua.h"

namespace perigee {

// Takes note of the globals that the compiled file on top of the stack sets in its main part.
// `names` is the registry reference of what the prelude returned.
void declare_globals(lua_State* L, int names);

}  // namespace perigee
