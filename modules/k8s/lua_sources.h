// The Lua sources under modules/k8s/lua, compiled into the program.
#pragma once

#include <string_view>

namespace perigee {

// The text of lua/NAME.lua. The name must exist.
std::string_view kubernetes_source(std::string_view name);

}  // namespace perigee
