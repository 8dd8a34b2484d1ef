// The globals a script has beside Lua's own: require, open, print, console.
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/suggest.h"
#include "scripting/binding.h"
#include "scripting/bindings/random_source.h"
#include "scripting/call_guard.h"
#include "scripting/console.h"
#include "scripting/math_random.h"
#include "scripting/sandbox.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

// In init code each VU has the modules it required in the registry of its environment, under this.
constexpr const char* kLoaded = "perigee.loaded";

}  // namespace

void ScriptHost::install_globals() {
  lua_State* L = L_.get();
  const StackGuard guard(L);
  random_ = std::make_unique<RandomSource>(*this);
  replace_math_random(L, *random_, worker_.log);

  lua_pushlightuserdata(L, this);
  lua_pushcclosure(L, bound<suggest_name>, 1);
  did_you_mean_ = luaL_ref(L, LUA_REGISTRYINDEX);

  open_call_guard(L);
  globals_ = make_shared_globals(L, LuaVu::await_mark());
  lua_rawgeti(L, LUA_REGISTRYINDEX, globals_);
  const Function functions[] = {{"require", bound<require_module>}, {"open", bound<open_file>}};
  set_functions(L, this, functions);
  for (const Function& entry : functions) {
    lua_getfield(L, -1, entry.name);
    guard_call(L, entry.name);
    lua_setfield(L, -2, entry.name);
  }
  push_print(L, worker_.log);
  lua_setfield(L, -2, "print");
  push_console(L, worker_.log);
  lua_pushliteral(L, "console");
  lua_rawgeti(L, LUA_REGISTRYINDEX, did_you_mean_);
  push_call_guard(L);
  run_prelude(L, "module", 4);
  lua_setfield(L, -2, "console");
  push_env(L, nullptr);
  lua_setfield(L, -2, "__ENV");

  open_show(L, globals_);
  install_names();
  lua_newtable(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, globals_);
  lua_setfield(L, -2, "__index");
  lua_rawgeti(L, LUA_REGISTRYINDEX, names_);
  lua_getfield(L, -1, "write");
  lua_setfield(L, -3, "__newindex");
  lua_pop(L, 1);
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  env_metatable_ = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_pushliteral(L, "__ITER");
  iteration_key_ = luaL_ref(L, LUA_REGISTRYINDEX);
}

// did_you_mean(functions, key) -> ` (did you mean "get"?)` or "".
int ScriptHost::suggest_name(lua_State* L) {
  std::vector<std::string_view> known;
  for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) == LUA_TSTRING) known.push_back(view_at(L, -2));
  }
  const std::string key = lua_type(L, 2) == LUA_TSTRING ? std::string(view_at(L, 2)) : "";
  push_view(L, did_you_mean(key, known));
  return 1;
}

// Without a path and a key if there is no such module while the script runs: it was not required
// before.
ScriptModule ScriptHost::locate_module(lua_State* L, const std::string& name) const {
  if (auto found = files_.find_module(L, name)) return *found;
  if (!loading()) return {};
  if (name == "perigee.kafka" || name == "perigee.avro") {
    throw ConfigError(fmt::format(
        "require: this perigee was built without {}; install librdkafka-dev and libavro-dev, and "
        "build it with cmake -DPERIGEE_KAFKA=ON",
        name));
  }
  throw ConfigError(fmt::format("require: there is no module \"{}\"{}; {}", name,
                                suggest_module(name), files_.describe_places(L, name)));
}

// Scripts of k6 know "perigee.http" as "k6/http".
std::string ScriptHost::suggest_module(const std::string& name) const {
  const std::string own = name == "k6" ? "perigee" : "perigee." + name.substr(name.rfind('/') + 1);
  std::vector<std::string_view> known;
  for (const auto& [module, reference] : modules_)
    known.push_back(module);
  return did_you_mean(modules_.contains(own) ? own : name, known);
}

int ScriptHost::require_module(lua_State* L) {
  auto& host = upvalue<ScriptHost>(L);
  const std::string name = luaL_checkstring(L, 1);
  const auto builtin = host.modules_.find(name);
  if (builtin != host.modules_.end()) {
    host.note_required(name, name);
    lua_rawgeti(L, LUA_REGISTRYINDEX, builtin->second);
    return 1;
  }
  const auto [path, key] = host.locate_module(L, name);
  host.note_required(key, name);
  // The modules that this VU has loaded, in a table of the thread's environment's own.
  lua_pushthread(L);
  lua_getfenv(L, -1);
  lua_pushstring(L, kLoaded);
  lua_rawget(L, -2);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushstring(L, kLoaded);
    lua_pushvalue(L, -2);
    lua_rawset(L, -4);
  }
  const int loaded = lua_gettop(L);
  const int env = loaded - 1;
  lua_getfield(L, loaded, key.c_str());
  if (lua_islightuserdata(L, -1)) {
    throw ConfigError(fmt::format("require: module \"{}\" requires itself on the way", name));
  }
  if (!lua_isnil(L, -1)) return 1;
  if (!host.loading()) {
    throw std::runtime_error(fmt::format(
        "require \"{}\": modules are loaded at the top of the script, not while it runs", name));
  }
  lua_pushlightuserdata(L, &host);
  lua_setfield(L, loaded, key.c_str());
  host.push_chunk(L, path);
  lua_pushvalue(L, env);
  lua_setfenv(L, -2);
  lua_pushstring(L, name.c_str());
  {
    const ScriptFiles::Loading loading(host.files_, path);
    lua_call(L, 1, 1);
  }
  if (lua_isnil(L, -1)) {
    host.files_.note_silent(path);
    lua_pop(L, 1);
    lua_pushboolean(L, 1);
  }
  lua_pushvalue(L, -1);
  lua_setfield(L, loaded, key.c_str());
  return 1;
}

// As in k6: then every instance that runs the script finds all it needs, whichever VUs it has.
void ScriptHost::note_opened(const std::filesystem::path& path) {
  if (declaring_ != nullptr) {
    opened_.insert(path);
  } else if (script_.opened && script_.opened->count(path) == 0) {
    throw std::runtime_error(
        fmt::format("open \"{}\": the file was not opened when the script was loaded first, with "
                    "__VU 0; open every file in every VU, whatever __VU is",
                    path.string()));
  }
}

// As in k6, for the same reason.
void ScriptHost::note_required(const std::string& module, const std::string& name) {
  if (declaring_ != nullptr) {
    required_.insert(module);
  } else if (script_.required && script_.required->count(module) == 0) {
    throw std::runtime_error(
        fmt::format("require \"{}\": it was not required when the script was loaded first, with "
                    "__VU 0: modules are loaded at the top of the script, whatever __VU is",
                    name));
  }
}

// open(path, mode): a string holds any bytes, so "b" (binary) makes no difference.
int ScriptHost::open_file(lua_State* L) {
  auto& host = upvalue<ScriptHost>(L);
  const std::filesystem::path name = luaL_checkstring(L, 1);
  const std::string mode = luaL_optstring(L, 2, "");
  if (!host.loading()) {
    throw std::runtime_error(fmt::format(
        "open \"{}\": files are read at the top of the script, not while it runs", name.string()));
  }
  if (mode != "" && mode != "b") {
    throw std::runtime_error(fmt::format(
        "open \"{}\": the mode is \"b\" (binary) or left out, got \"{}\"; files are read only",
        name.string(), mode));
  }
  const std::filesystem::path path = host.files_.need(L, name);
  host.note_opened(path);
  push_view(L, read_file(path));
  return 1;
}

}  // namespace perigee
