#include "scripting/sandbox.h"

#include <stdexcept>

#include <fmt/format.h>

#include "scripting/lua_state.h"
#include "scripting/prelude_sources.h"

namespace perigee {

void run_prelude(lua_State* L, const char* name, int arguments) {
  const std::string_view source = prelude_source(name);
  const std::string chunk = fmt::format("=[{}]", name);
  if (luaL_loadbuffer(L, source.data(), source.size(), chunk.c_str()) != 0) {
    throw std::runtime_error(take_error(L));
  }
  lua_insert(L, -1 - arguments);
  if (lua_pcall(L, arguments, 1, 0) != 0) throw std::runtime_error(take_error(L));
}

int make_shared_globals(lua_State* L, void* await_mark) {
  lua_pushlightuserdata(L, await_mark);
  run_prelude(L, "sandbox", 1);
  return luaL_ref(L, LUA_REGISTRYINDEX);
}

}  // namespace perigee
