// JSON to Lua values and back.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "scripting/lua.h"

namespace perigee {

// Appends the value at `index` as JSON. Keys go in sorted order; a table is an array when its keys
// are 1 to n or when json.array has marked it, an empty one else is {}; json.null is null. Throws
// std::runtime_error for what JSON does not know: functions, NaN, mixed keys, cycles.
void encode_json(lua_State* L, int index, std::string& out);

// Pushes the value of a JSON text: null becomes json.null, arrays are marked as such. Throws
// std::runtime_error naming the position of what is wrong.
void decode_json(lua_State* L, std::string_view text);

// The same for a value that is parsed already. Throws std::runtime_error if it is nested too
// deeply.
void push_json(lua_State* L, const nlohmann::ordered_json& value);

// Pushes json.null.
void push_json_null(lua_State* L);
// Marks the table on top of the stack as an array.
void mark_json_array(lua_State* L);

}  // namespace perigee
