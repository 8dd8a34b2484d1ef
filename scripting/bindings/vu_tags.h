// The tables of execution.vu.metrics: what the samples of all that a VU does from now on carry.
#pragma once

#include "scripting/lua.h"

namespace perigee {

class ScriptHost;

// Pushes a table that all VUs of the worker share; each reads and writes its own tags through it.
void push_vu_tags(lua_State* L, ScriptHost& host);

// The same for execution.vu.metrics.metadata.
void push_vu_metadata(lua_State* L, ScriptHost& host);

}  // namespace perigee
