// The Lua sources under modules/storage/lua, compiled into the program.
#pragma once

#include <string_view>

namespace perigee {

// The text of lua/NAME.lua. The name must exist.
std::string_view storage_source(std::string_view name);

}  // namespace perigee
