#include "scripting/call_guard.h"

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "scripting/binding.h"
#include "scripting/sandbox.h"

namespace perigee {
namespace {

constexpr const char* kGuard = "perigee.call_guard";

int raise(lua_State* L) {
  throw std::runtime_error(std::string(view_at(L, 1)));
}

// Pushes one of the guard's functions.
void push_function(lua_State* L, const char* name) {
  push_call_guard(L);
  lua_getfield(L, -1, name);
  lua_remove(L, -2);
}

}  // namespace

void open_call_guard(lua_State* L) {
  run_prelude(L, "call_signatures", 0);
  lua_pushcfunction(L, bound<raise>);
  run_prelude(L, "call_guard", 2);
  lua_setfield(L, LUA_REGISTRYINDEX, kGuard);
}

void push_call_guard(lua_State* L) {
  lua_getfield(L, LUA_REGISTRYINDEX, kGuard);
}

void guard_call(lua_State* L, const char* name) {
  push_function(L, "one");
  lua_insert(L, -2);
  lua_pushstring(L, name);
  lua_insert(L, -2);
  lua_call(L, 2, 1);
}

void guard_calls(lua_State* L, const char* prefix, int owner) {
  const int functions = lua_gettop(L);
  push_function(L, "all");
  lua_pushstring(L, prefix);
  lua_pushvalue(L, functions);
  lua_pushvalue(L, owner);
  lua_call(L, 3, 0);
}

void explain_call(lua_State* L, const char* name, std::initializer_list<int> arguments,
                  const std::runtime_error& error) {
  luaL_checkstack(L, static_cast<int>(arguments.size()) + 4, name);
  push_function(L, "explain");
  lua_pushstring(L, name);
  for (const int index : arguments)
    lua_pushvalue(L, index);
  lua_call(L, static_cast<int>(arguments.size()) + 1, 1);
  if (lua_type(L, -1) == LUA_TSTRING) throw std::runtime_error(std::string(view_at(L, -1)));
  const std::string_view message = error.what();
  if (message.starts_with(name)) throw std::runtime_error(std::string(message));
  throw std::runtime_error(fmt::format("{}: {}", name, message));
}

}  // namespace perigee
