// The Lua sources of this folder, compiled into the program.
#pragma once

#include <string_view>

namespace perigee {

// The text of NAME.lua. The name must exist.
std::string_view kafka_source(std::string_view name);

}  // namespace perigee
