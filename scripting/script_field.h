// Fields of the table that a script returned, whose metatable may run the script's own code.
#pragma once

#include "engine/base/config_error.h"
#include "scripting/lua_state.h"

namespace perigee {

// Pushes the field `name` of the table at `index`, which counts from the bottom. Throws ScriptError
// where the script's code raises an error.
inline void push_script_field(lua_State* L, int index, const char* name) {
  lua_pushcfunction(L, [](lua_State* state) {
    lua_getfield(state, 1, static_cast<const char*>(lua_touserdata(state, 2)));
    return 1;
  });
  lua_pushvalue(L, index);
  lua_pushlightuserdata(L, const_cast<char*>(name));
  if (lua_pcall(L, 2, 1, 0) != 0) throw ScriptError(take_error(L));
}

}  // namespace perigee
