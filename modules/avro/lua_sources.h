// The module's Lua, which the build writes into the program.
#pragma once

#include <string_view>

namespace perigee {

std::string_view avro_source(std::string_view name);

}  // namespace perigee
