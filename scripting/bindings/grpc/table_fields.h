// Reads a table of a script by its known keys.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "engine/base/suggest.h"
#include "scripting/lua_state.h"

namespace perigee {

// One key of a table, and what takes its value, which is at `index`.
template <typename T>
struct TableField {
  std::string_view name;
  void (*read)(lua_State* L, int index, T& result);
};

// Has each key's value read. Throws std::runtime_error for an unknown key, with the closest known
// one; `what` is the noun: "parameter of invoke".
template <typename T, size_t N>
void read_table_fields(lua_State* L, int table, const TableField<T> (&fields)[N], const char* what,
                       T& result) {
  const int value = lua_gettop(L) + 2;
  for (lua_pushnil(L); lua_next(L, table) != 0; lua_settop(L, value - 1)) {
    const std::string_view name = lua_type(L, -2) == LUA_TSTRING ? view_at(L, -2) : "(a number)";
    const auto* found = std::find_if(std::begin(fields), std::end(fields),
                                     [&](const TableField<T>& each) { return each.name == name; });
    if (found != std::end(fields)) {
      found->read(L, value, result);
      continue;
    }
    std::array<std::string_view, N> names;
    std::transform(std::begin(fields), std::end(fields), names.begin(),
                   [](const TableField<T>& each) { return each.name; });
    throw std::runtime_error(
        fmt::format("there is no {} \"{}\"{}", what, name, did_you_mean(name, names)));
  }
}

}  // namespace perigee
