#include "scripting/bindings/vu_tags.h"

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "scripting/binding.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

constexpr const char* kTable = "execution.vu.metrics.tags";
constexpr const char* kMetadata = "execution.vu.metrics.metadata";

int read_tag(lua_State* L) {
  auto& host = upvalue<ScriptHost>(L);
  const LuaVu& vu = host.vu_for(kTable);
  const std::string_view name = luaL_checkstring(L, 2);
  const std::string* value = host.worker().shard.tags().at(vu.context())->find(name);
  value == nullptr ? lua_pushnil(L) : push_view(L, *value);
  return 1;
}

// Calls set(name, value) with the text of the value at index 3, nothing for nil.
template <typename Set>
void write(lua_State* L, const char* table, const char* what, Set set) {
  if (lua_type(L, 2) != LUA_TSTRING) {
    throw std::runtime_error(fmt::format("{}: the name of {} must be a string", table, what));
  }
  const std::string name(view_at(L, 2));
  switch (lua_type(L, 3)) {
    case LUA_TNIL:
      return set(name, std::nullopt);
    case LUA_TBOOLEAN:
      return set(name, lua_toboolean(L, 3) != 0 ? "true" : "false");
    case LUA_TNUMBER:
    case LUA_TSTRING:
      return set(name, view_at(L, 3));
    default:
      throw std::runtime_error(
          fmt::format("{}.{}: must be a string, a number, a boolean, or nil to take it away; "
                      "got a {}",
                      table, name, luaL_typename(L, 3)));
  }
}

int write_tag(lua_State* L) {
  LuaVu& vu = upvalue<ScriptHost>(L).vu_for(kTable);
  write(L, kTable, "a tag", [&](const std::string& name, std::optional<std::string_view> value) {
    vu.set_tag(name, value);
  });
  return 0;
}

int read_metadata(lua_State* L) {
  const Metadata* metadata = upvalue<ScriptHost>(L).vu_for(kMetadata).metadata();
  const std::string name = luaL_checkstring(L, 2);
  const bool known = metadata != nullptr && metadata->count(name) > 0;
  known ? push_view(L, metadata->at(name)) : lua_pushnil(L);
  return 1;
}

int write_metadata(lua_State* L) {
  LuaVu& vu = upvalue<ScriptHost>(L).vu_for(kMetadata);
  write(L, kMetadata, "metadata",
        [&](const std::string& name, std::optional<std::string_view> value) {
          vu.set_metadata(name, value);
        });
  return 0;
}

// An empty table whose fields are read and set by these functions.
template <size_t N>
void push_table(lua_State* L, ScriptHost& host, const Function (&functions)[N]) {
  lua_newtable(L);
  lua_newtable(L);
  set_functions(L, &host, functions);
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_setmetatable(L, -2);
}

}  // namespace

void push_vu_tags(lua_State* L, ScriptHost& host) {
  const Function functions[] = {{"__index", bound<read_tag>}, {"__newindex", bound<write_tag>}};
  push_table(L, host, functions);
}

void push_vu_metadata(lua_State* L, ScriptHost& host) {
  const Function functions[] = {{"__index", bound<read_metadata>},
                                {"__newindex", bound<write_metadata>}};
  push_table(L, host, functions);
}

}  // namespace perigee
