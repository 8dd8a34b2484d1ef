// What to write for JavaScript that stands in a Lua file.
#pragma once

#include <string>
#include <string_view>

namespace perigee {

// A sentence to put behind Lua's message of a syntax error ("script.lua:3: ..."), with a blank in
// front; empty where the line at fault, or the one before, has nothing of JavaScript in it.
std::string javascript_hint(std::string_view source, std::string_view message);

}  // namespace perigee
