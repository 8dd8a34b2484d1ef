// Queries of URLs ("a=1&b=x+y") as Lua tables.
#pragma once

#include <string>
#include <string_view>

#include "scripting/lua.h"

namespace perigee {

// The table at `index` as a query: names in sorted order, a list as its value repeats the name; a
// list of pairs { { name, value }, ... } keeps its order. `what` begins the errors. Throws
// std::runtime_error for values that are no text.
std::string encode_query(lua_State* L, int index, const char* what);

// Pushes a list of pairs { { name, value }, ... }. Throws std::runtime_error where a % is not
// followed by two hexadecimal digits.
void push_query(lua_State* L, std::string_view query);

}  // namespace perigee
