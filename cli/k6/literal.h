// JavaScript's literals as Lua's: what an options object is mostly made of.
#pragma once

#include <string>
#include <string_view>

namespace perigee::k6 {

// The table that the object at the beginning of `text` is in Lua, over several lines. A value that
// is no literal, as it has to be computed, becomes a comment with its JavaScript: nothing is
// guessed. Throws ConfigError if `text` does not begin with an object.
std::string lua_of_object(std::string_view text);

}  // namespace perigee::k6
