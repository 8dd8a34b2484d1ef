// What scripts see as globals, and the code they are made of.
#pragma once

#include <string_view>

#include "scripting/lua.h"

namespace perigee {

// Registry reference of a new table that holds the globals every script shares: Lua's own, with
// libraries read-only, what could harm other VUs left out, and coroutines that let awaiting calls
// through. `await_mark` is the value that an awaiting binding yields.
int make_shared_globals(lua_State* L, void* await_mark);

// Runs a Lua source of the program's own, which errors call `name`; leaves its one result on the
// stack. `arguments` values on top of the stack are passed to it.
void run_source(lua_State* L, std::string_view name, std::string_view source, int arguments);

// Runs one of the Lua sources of scripting/prelude; leaves its one result on the stack.
// `arguments` values on top of the stack are passed to it.
void run_prelude(lua_State* L, const char* name, int arguments);

}  // namespace perigee
