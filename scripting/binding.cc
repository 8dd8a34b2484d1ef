#include "scripting/binding.h"

#include <stdexcept>
#include <string>

#include "scripting/call_guard.h"

namespace perigee {

void push_position(lua_State* L) {
  lua_Debug frame{};
  for (int level = 0; lua_getstack(L, level, &frame) != 0; ++level) {
    lua_getinfo(L, "Sl", &frame);
    // C functions and the program's own Lua have sources like "=[C]".
    if (frame.currentline <= 0 || frame.source[0] == '=') continue;
    luaL_where(L, level);
    return;
  }
  lua_pushliteral(L, "");
}

void push_error(lua_State* L, const std::exception& error) {
  const std::string_view message = error.what();
  // Others, like a request that has failed, are none of a call.
  const bool of_call = dynamic_cast<const std::runtime_error*>(&error) != nullptr;
  const std::string name = of_call ? name_for_error(L, message) : "";
  push_position(L);
  push_view(L, name);
  push_view(L, message);
  lua_concat(L, 3);
}

}  // namespace perigee
