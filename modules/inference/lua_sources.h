// The Lua sources under modules/inference/lua, compiled into the program.
#pragma once

#include <string_view>

namespace perigee {

// The text of lua/NAME.lua. The name must exist.
std::string_view inference_source(std::string_view name);

}  // namespace perigee
