#include "scripting/sandbox.h"

#include <stdexcept>

#include <fmt/format.h>

#include "engine/base/shown_number.h"
#include "scripting/json_codec.h"
#include "scripting/lua_state.h"
#include "scripting/prelude_sources.h"

namespace perigee {
namespace {

int number_text(lua_State* L) {
  push_view(L, shown_number(lua_tonumber(L, 1)));
  return 1;
}

}  // namespace

void run_prelude(lua_State* L, const char* name, int arguments) {
  run_source(L, name, prelude_source(name), arguments);
}

void run_source(lua_State* L, std::string_view name, std::string_view source, int arguments) {
  const std::string chunk = fmt::format("=[{}]", name);
  if (luaL_loadbuffer(L, source.data(), source.size(), chunk.c_str()) != 0) {
    throw std::runtime_error(take_error(L));
  }
  lua_insert(L, -1 - arguments);
  if (lua_pcall(L, arguments, 1, 0) != 0) throw std::runtime_error(take_error(L));
}

int make_shared_globals(lua_State* L, void* await_mark) {
  lua_pushlightuserdata(L, await_mark);
  lua_pushcfunction(L, number_text);
  push_json_null(L);
  run_prelude(L, "sandbox", 3);
  return luaL_ref(L, LUA_REGISTRYINDEX);
}

}  // namespace perigee
