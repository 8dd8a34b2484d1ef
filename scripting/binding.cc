#include "scripting/binding.h"

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

}  // namespace perigee
