// What scripts hold of a shared array: array[i], #array, array:items(), array:next(), ...
#pragma once

#include "scripting/data/shared_array.h"
#include "scripting/lua.h"

namespace perigee {

class ScriptHost;

// Makes the type of all handles of a host's Lua state; called once.
void declare_array_handles(lua_State* L, ScriptHost& host);

// Pushes a handle, a userdata. The array must outlive the Lua state.
void push_array_handle(lua_State* L, const SharedArray& array);

}  // namespace perigee
