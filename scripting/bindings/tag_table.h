// Tags as scripts write them.
#pragma once

#include "engine/metrics/tags.h"
#include "scripting/lua.h"

namespace perigee {

// Reads the table at `index`: names to strings, numbers or booleans. Throws std::runtime_error that
// begins with `what`.
TagSet read_tags(lua_State* L, int index, const char* what);

}  // namespace perigee
