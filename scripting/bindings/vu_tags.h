// The table execution.vu.metrics.tags: the tags of all that a VU does from now on.
#pragma once

#include "scripting/lua.h"

namespace perigee {

class ScriptHost;

// Pushes a table that all VUs of the worker share; each reads and writes its own tags through it.
void push_vu_tags(lua_State* L, ScriptHost& host);

// Pushes execution.vu.metrics.metadata, which says that samples carry none.
void push_vu_metadata(lua_State* L);

}  // namespace perigee
