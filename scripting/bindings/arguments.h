// Arguments of bindings as C++ values, with errors that say which function wanted what.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "scripting/lua.h"

namespace perigee {

// The string (or number) at `index`; it stays valid as long as the value is on the stack.
std::string_view check_text(lua_State* L, int index);
// The same, or `otherwise` where there is nil or nothing.
std::string_view optional_text(lua_State* L, int index, std::string_view otherwise);

// One of several words. Throws std::runtime_error: `there is no encoding "rawurll" (did you mean
// "rawurl"?)`; `what` is the noun.
size_t find_word(std::string_view word, std::span<const std::string_view> known,
                 std::string_view what);

}  // namespace perigee
