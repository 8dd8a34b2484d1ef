#include "scripting/lua_state.h"

#include <new>

#include "engine/base/shown_number.h"

namespace perigee {
namespace {

// Thousands of VUs run the same code: the defaults evict and abort traces that all of them need.
constexpr const char* kJitSettings =
    "require('jit.opt').start('maxtrace=8000', 'maxmcode=32768', 'maxside=10')";

}  // namespace

LuaStatePtr make_lua_state(bool jit) {
  LuaStatePtr state(luaL_newstate());
  if (!state) throw std::bad_alloc();
  lua_State* L = state.get();
  luaL_openlibs(L);
  luaJIT_setmode(L, 0, LUAJIT_MODE_ENGINE | (jit ? LUAJIT_MODE_ON : LUAJIT_MODE_OFF));
  if (jit && luaL_dostring(L, kJitSettings) != 0) lua_pop(L, 1);
  return state;
}

std::string_view number_text_at(lua_State* L, int index) {
  const int top = lua_gettop(L);
  push_view(L, shown_number(lua_tonumber(L, index)));
  lua_replace(L, index < 0 && index > LUA_REGISTRYINDEX ? top + 1 + index : index);
  return view_at(L, index);
}

std::string take_error(lua_State* L) {
  std::string text;
  if (lua_isstring(L, -1) != 0) {
    text = view_at(L, -1);
  } else if (luaL_callmeta(L, -1, "__tostring") != 0) {
    text = lua_isstring(L, -1) != 0 ? std::string(view_at(L, -1)) : "(error object)";
    lua_pop(L, 1);
  } else {
    text = std::string("(error object is a ") + luaL_typename(L, -1) + " value)";
  }
  lua_pop(L, 1);
  return text;
}

}  // namespace perigee
