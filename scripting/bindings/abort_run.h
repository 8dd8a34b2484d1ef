// The end of a run at a script's wish: what perigee.abort and execution.test.abort have in common.
#pragma once

#include "scripting/lua.h"

namespace perigee {

class ScriptHost;

// Ends the run with the message at 1, if there is one, and never comes back to the script: while it
// is loading an error stops it, later the end of the run cuts the VU off.
int abort_run(lua_State* L, ScriptHost& host);

}  // namespace perigee
