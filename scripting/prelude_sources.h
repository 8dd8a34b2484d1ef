// The Lua sources under scripting/prelude, compiled into the program.
#pragma once

#include <string_view>

namespace perigee {

// The text of prelude/NAME.lua. The name must exist.
std::string_view prelude_source(std::string_view name);

}  // namespace perigee
