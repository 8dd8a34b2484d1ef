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

// What may be the name of a function, "jar:set" or the like, at the beginning of a text.
std::string_view first_name(std::string_view text) {
  const size_t end =
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.:ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  const std::string_view name = text.substr(0, end);
  return name.ends_with(':') ? name.substr(0, name.size() - 1) : name;
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

std::string name_for_error(lua_State* L, std::string_view message) {
  luaL_checkstack(L, 8, "call_guard");
  const StackGuard guard(L);
  push_function(L, "names");
  const int names = lua_gettop(L);
  push_view(L, first_name(message));
  lua_rawget(L, names);
  if (!lua_isnil(L, -1)) return "";
  lua_Debug frame{};
  for (int level = 0; lua_getstack(L, level, &frame) != 0; ++level) {
    lua_getinfo(L, "Slf", &frame);
    lua_rawget(L, names);
    if (lua_type(L, -1) == LUA_TSTRING) return fmt::format("{}: ", view_at(L, -1));
    // What a script's own function calls is told by its line.
    if (frame.currentline > 0 && frame.source[0] != '=') return "";
    lua_pop(L, 1);
  }
  return "";
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
