// What scripts print with: the global table console, and print.
#pragma once

#include "scripting/lua.h"

namespace perigee {

class Log;

// Once per Lua state, when what scripts see as globals is complete; `globals` is the registry
// reference of these.
void open_show(lua_State* L, int globals);

// Leaves a table with the functions log, debug, info, warn and error on the stack. Their arguments
// are separated by spaces, tables are written as JSON, with names for functions; of responses it is
// what people look for. The log must outlive the Lua state.
void push_console(lua_State* L, Log& log);

// Pushes Lua's print, whose arguments are separated by tabs, as a line of the log.
void push_print(lua_State* L, Log& log);

}  // namespace perigee
