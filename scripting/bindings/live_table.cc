#include "scripting/bindings/live_table.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "engine/base/suggest.h"
#include "scripting/binding.h"

namespace perigee {

void LiveTable::push(lua_State* L) {
  const int constants = lua_gettop(L);
  lua_newtable(L);
  lua_newtable(L);
  lua_pushlightuserdata(L, this);
  lua_pushvalue(L, constants);
  lua_pushcclosure(L, bound<read>, 2);
  lua_setfield(L, -2, "__index");
  lua_pushlightuserdata(L, this);
  lua_pushcclosure(L, bound<refuse_write>, 1);
  lua_setfield(L, -2, "__newindex");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  push_names(L);
  lua_setfield(L, -2, "perigee.fields");
  lua_setmetatable(L, -2);
  lua_replace(L, constants);
}

// The names of the fields that are read live, as a set.
void LiveTable::push_names(lua_State* L) const {
  lua_newtable(L);
  for (const Field& field : fields_) {
    push_view(L, field.name);
    lua_pushboolean(L, 1);
    lua_rawset(L, -3);
  }
}

int LiveTable::read(lua_State* L) {
  auto& self = upvalue<LiveTable>(L);
  const std::string key = luaL_checkstring(L, 2);
  for (const Field& field : self.fields_) {
    if (field.name != key) continue;
    field.push(L, self.host_);
    return 1;
  }
  lua_getfield(L, lua_upvalueindex(2), key.c_str());
  if (lua_isnil(L, -1)) self.refuse_unknown(L, key);
  return 1;
}

int LiveTable::refuse_write(lua_State* L) {
  const auto& self = upvalue<LiveTable>(L);
  throw std::runtime_error(fmt::format("{}.{} can't be set: the table is read-only", self.name_,
                                       luaL_checkstring(L, 2)));
}

void LiveTable::refuse_unknown(lua_State* L, const std::string& key) const {
  std::vector<std::string> names;
  for (const Field& field : fields_)
    names.emplace_back(field.name);
  for (lua_pushnil(L); lua_next(L, lua_upvalueindex(2)) != 0; lua_pop(L, 1))
    names.emplace_back(lua_tostring(L, -2));
  std::sort(names.begin(), names.end());
  const std::vector<std::string_view> known(names.begin(), names.end());
  throw std::runtime_error(fmt::format("there is no {}.{}{}; there are {}", name_, key,
                                       did_you_mean(key, known), fmt::join(known, ", ")));
}

}  // namespace perigee
