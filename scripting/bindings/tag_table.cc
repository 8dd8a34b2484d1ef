#include "scripting/bindings/tag_table.h"

#include <stdexcept>

#include <fmt/format.h>

#include "scripting/lua_state.h"

namespace perigee {

TagSet read_tags(lua_State* L, int index, const char* what) {
  if (!lua_istable(L, index)) {
    throw std::runtime_error(
        fmt::format("{} must be a table of strings, got a {}", what, luaL_typename(L, index)));
  }
  TagSet tags;
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) {
      throw std::runtime_error(fmt::format("{}: every name must be a string", what));
    }
    const std::string_view key = view_at(L, -2);
    if (lua_type(L, -1) == LUA_TBOOLEAN) {
      tags.set(key, lua_toboolean(L, -1) != 0 ? "true" : "false");
    } else if (lua_isstring(L, -1) != 0) {
      lua_pushvalue(L, -1);  // the text of a number, without changing the script's table
      tags.set(key, view_at(L, -1));
      lua_pop(L, 1);
    } else {
      throw std::runtime_error(
          fmt::format("{}: \"{}\" must be a string, got a {}", what, key, luaL_typename(L, -1)));
    }
  }
  return tags;
}

}  // namespace perigee
