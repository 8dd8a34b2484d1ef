#include "scripting/bindings/vu_tags.h"

#include <stdexcept>

#include <fmt/format.h>

#include "scripting/binding.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

constexpr const char* kTable = "execution.vu.metrics.tags";

int read_tag(lua_State* L) {
  auto& host = upvalue<ScriptHost>(L);
  const LuaVu& vu = host.vu_for(kTable);
  const std::string_view name = luaL_checkstring(L, 2);
  const std::string* value = host.worker().shard.tags().at(vu.context())->find(name);
  value == nullptr ? lua_pushnil(L) : push_view(L, *value);
  return 1;
}

int write_tag(lua_State* L) {
  LuaVu& vu = upvalue<ScriptHost>(L).vu_for(kTable);
  if (lua_type(L, 2) != LUA_TSTRING) {
    throw std::runtime_error(fmt::format("{}: the name of a tag must be a string", kTable));
  }
  const std::string name(view_at(L, 2));
  switch (lua_type(L, 3)) {
    case LUA_TNIL:
      vu.set_tag(name, std::nullopt);
      return 0;
    case LUA_TBOOLEAN:
      vu.set_tag(name, lua_toboolean(L, 3) != 0 ? "true" : "false");
      return 0;
    case LUA_TNUMBER:
    case LUA_TSTRING:
      vu.set_tag(name, view_at(L, 3));
      return 0;
    default:
      throw std::runtime_error(
          fmt::format("{}.{}: must be a string, a number, a boolean, or nil to take it away; "
                      "got a {}",
                      kTable, name, luaL_typename(L, 3)));
  }
}

int refuse_metadata(lua_State* /*L*/) {
  throw std::runtime_error(
      "samples carry no metadata; set a tag with few values in execution.vu.metrics.tags instead");
}

void set_metatable(lua_State* L) {
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_setmetatable(L, -2);
}

}  // namespace

void push_vu_tags(lua_State* L, ScriptHost& host) {
  lua_newtable(L);
  lua_newtable(L);
  const Function functions[] = {{"__index", bound<read_tag>}, {"__newindex", bound<write_tag>}};
  set_functions(L, &host, functions);
  set_metatable(L);
}

void push_vu_metadata(lua_State* L) {
  lua_newtable(L);
  lua_newtable(L);
  lua_pushcfunction(L, bound<refuse_metadata>);
  lua_setfield(L, -2, "__newindex");
  set_metatable(L);
}

}  // namespace perigee
