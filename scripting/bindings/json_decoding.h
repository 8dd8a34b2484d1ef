// How a script wants JSON or YAML decoded.
#pragma once

#include "scripting/json_codec.h"
#include "scripting/lua.h"

namespace perigee {

// The options at `index`, `{ null = json.null, bigNumbers = "string" }` or nothing. Throws
// std::runtime_error for other fields and values.
Decoding check_decoding(lua_State* L, int index);

}  // namespace perigee
