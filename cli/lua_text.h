// Values as Lua source.
#pragma once

#include <string>
#include <string_view>

namespace perigee {

// A string literal. One with quotation marks and no control characters is written in long
// brackets, as people would.
std::string lua_string(std::string_view text);

// A key of a table: a name as it is, else ["in brackets"].
std::string lua_key(std::string_view key);

}  // namespace perigee
