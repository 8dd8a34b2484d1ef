// JSON of scripts' values, with a warning where it can't hold them as they are.
#pragma once

#include <string>

#include "scripting/lua.h"

namespace perigee {

class ScriptHost;

// Appends the value at `index` as JSON; throws as `encode_json`. The log is warned of strings that
// are not UTF-8, once in a run; `function` is what the script called: "json.encode".
void encode_reported(lua_State* L, int index, std::string& out, ScriptHost& host,
                     const char* function);

}  // namespace perigee
