#include "scripting/script_names.h"

#include <stdexcept>
#include <string>
#include <vector>

#include "engine/base/config_error.h"
#include "scripting/binding.h"
#include "scripting/sandbox.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

int raise(lua_State* L) {
  throw std::runtime_error(std::string(view_at(L, 1)));
}

}  // namespace

void declare_globals(lua_State* L, int names) {
  const StackGuard guard(L);
  const int chunk = lua_gettop(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, names);
  lua_getfield(L, -1, "declare");
  lua_pushvalue(L, chunk);
  lua_call(L, 1, 0);
}

// module_named(name): what scripts get when they require it, nil if it is none of the program's.
int ScriptHost::module_named(lua_State* L) {
  const auto& modules = upvalue<ScriptHost>(L).modules_;
  const auto found = modules.find(std::string(view_at(L, 1)));
  if (found == modules.end()) return 0;
  lua_rawgeti(L, LUA_REGISTRYINDEX, found->second);
  return 1;
}

// script_text(path): the source of the script or of a module of its own, "" if it is gone.
int ScriptHost::script_text(lua_State* L) {
  const Script& script = upvalue<ScriptHost>(L).script_;
  const std::string path(view_at(L, 1));
  try {
    push_view(L, path == script.path ? script.source : read_file(path));
  } catch (const ConfigError&) {
    push_view(L, "");
  }
  return 1;
}

void ScriptHost::push_own_function(lua_State* L, lua_CFunction function) {
  lua_pushlightuserdata(L, this);
  lua_pushcclosure(L, function, 1);
}

// `L` is a VU that has loaded the script.
void ScriptHost::find_name_faults(lua_State* L) {
  const StackGuard guard(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, names_);
  const int names = lua_gettop(L);
  lua_getfield(L, names, "check");
  lua_newtable(L);
  for (const auto& [path, chunk] : chunks_) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, chunk);
    lua_setfield(L, -2, path.c_str());
  }
  lua_pushvalue(L, LuaVu::kEnvSlot);
  if (lua_pcall(L, 2, 1, 0) != 0) throw std::runtime_error(take_error(L));
  lua_setfield(L, names, "faults");
}

std::vector<NameFault> ScriptHost::name_faults() {
  lua_State* L = L_.get();
  const StackGuard guard(L);
  std::vector<NameFault> faults;
  lua_rawgeti(L, LUA_REGISTRYINDEX, names_);
  lua_getfield(L, -1, "faults");
  const int list = lua_gettop(L);
  const int count = static_cast<int>(lua_objlen(L, list));
  for (int i = 1; i <= count; ++i) {
    lua_rawgeti(L, list, i);
    lua_getfield(L, -1, "text");
    lua_getfield(L, -2, "is_name");
    faults.push_back({std::string(view_at(L, -2)), lua_toboolean(L, -1) != 0});
    lua_settop(L, list);
  }
  return faults;
}

// Leaves the function that goes through compiled files in the table of names on top of the stack.
void ScriptHost::add_name_check() {
  lua_State* L = L_.get();
  lua_pushvalue(L, -1);
  push_own_function(L, bound<script_text>);
  push_own_function(L, bound<module_named>);
  lua_rawgeti(L, LUA_REGISTRYINDEX, globals_);
  lua_getfield(L, -1, "console");
  lua_remove(L, -2);
  run_prelude(L, "name_check", 4);
  lua_setfield(L, -2, "check");
}

void ScriptHost::install_names() {
  lua_State* L = L_.get();
  lua_rawgeti(L, LUA_REGISTRYINDEX, globals_);
  run_prelude(L, "foreign_names", 0);
  run_prelude(L, "bytecode", 0);
  lua_pushcfunction(L, bound<raise>);
  lua_rawgeti(L, LUA_REGISTRYINDEX, globals_);
  lua_getfield(L, -1, "print");
  lua_remove(L, -2);
  run_prelude(L, "stand_ins", 2);
  lua_rawgeti(L, LUA_REGISTRYINDEX, did_you_mean_);
  lua_pushcfunction(L, bound<raise>);
  push_own_function(L, bound<script_text>);
  push_own_function(L, bound<module_named>);
  push_view(L, script_.path);
  run_prelude(L, "names", 9);
  add_name_check();
  names_ = luaL_ref(L, LUA_REGISTRYINDEX);
  // Libraries require Lua's own.
  for (const char* library : {"string", "table", "math", "os", "bit", "debug", "coroutine"}) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, globals_);
    lua_getfield(L, -1, library);
    modules_[library] = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_pop(L, 1);
  }
}

}  // namespace perigee
