// Copies of Lua values that outlive their state: how data goes from one VU to the others.
#pragma once

#include <string>
#include <string_view>

#include "scripting/lua.h"

namespace perigee {

// A module's metatable may have this field, a string: why its tables can't be copied, e.g. "is a
// response; ...".
inline constexpr const char* kNoCopy = "perigee.no_copy";

// Copies the value at `index` with all that is in it. Strings keep their bytes and numbers their
// value, not-a-number, infinities and -0 included; json.null and marks of json.array stay. Other
// metatables are left behind. Throws std::runtime_error for functions, userdata, coroutines, tables
// that contain themselves and those nested too deeply, with their place: `data.users[3].cb is a
// function`, where `name` is "data".
std::string copy_value(lua_State* L, int index, std::string_view name);

// Pushes the value of a copy, which is the caller's own. Lua's errors (no memory) pass through.
void push_value(lua_State* L, std::string_view copy);
// The same where no Lua code runs that could take such an error. Throws std::runtime_error.
void push_value_safely(lua_State* L, std::string_view copy);

}  // namespace perigee
