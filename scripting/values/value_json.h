// A copied Lua value as JSON, for files that other programs read.
#pragma once

#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace perigee {

// Strings keep their bytes, which whoever writes the JSON must look at; keys that are no strings
// become their text, as in JavaScript; nil is null.
nlohmann::json json_of_copy(std::string_view copy);

}  // namespace perigee
