#include "scripting/bindings/shared_array_handle.h"

#include <cmath>
#include <new>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/base/shown_number.h"
#include "scripting/binding.h"
#include "scripting/call_guard.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

constexpr const char* kArrayType = "perigee.data.array";

// What the userdata of a handle holds.
struct Handle {
  const SharedArray& array;
};

const SharedArray& check_array(lua_State* L) {
  return static_cast<const Handle*>(luaL_checkudata(L, 1, kArrayType))->array;
}

// array[i] is an element, array.name a method, which lie in the table at the second upvalue.
int index(lua_State* L) {
  const SharedArray& array = check_array(L);
  if (lua_type(L, 2) == LUA_TNUMBER) {
    const double position = lua_tonumber(L, 2);
    if (position >= 1 && position <= static_cast<double>(array.size()) &&
        position == std::floor(position)) {
      array.push(L, static_cast<size_t>(position) - 1);
    } else {
      lua_pushnil(L);
    }
    return 1;
  }
  lua_pushvalue(L, 2);
  lua_rawget(L, lua_upvalueindex(2));
  if (!lua_isnil(L, -1)) return 1;
  lua_getfield(L, LUA_GLOBALSINDEX, "tostring");
  lua_pushvalue(L, 2);
  lua_call(L, 1, 1);
  throw std::runtime_error(fmt::format(
      "a shared array has no field \"{}\"; there are array[i], #array, length(), items(), at(i), "
      "next() and cycle()",
      lua_tostring(L, -1)));
}

int refuse_write(lua_State*) {
  throw std::runtime_error(
      "a shared array can't be changed: all VUs read it (copy what you change into a local)");
}

int length(lua_State* L) {
  lua_pushnumber(L, static_cast<double>(check_array(L).size()));
  return 1;
}

// (array, i) -> i + 1, array[i + 1]
int iterate(lua_State* L) {
  const SharedArray& array = check_array(L);
  const auto position = static_cast<size_t>(luaL_checknumber(L, 2));
  if (position >= array.size()) return 0;
  lua_pushnumber(L, static_cast<double>(position + 1));
  array.push(L, position);
  return 2;
}

// for i, element in array:items() do
int items(lua_State* L) {
  check_array(L);
  lua_pushlightuserdata(L, &upvalue<ScriptHost>(L));
  lua_pushcclosure(L, bound<iterate>, 1);
  lua_pushvalue(L, 1);
  lua_pushnumber(L, 0);
  return 3;
}

// From 1, and on from the beginning after the last: every VU has one at its number.
int at(lua_State* L) {
  const SharedArray& array = check_array(L);
  const double position = luaL_checknumber(L, 2);
  if (position < 1 || position != std::floor(position)) {
    throw std::runtime_error(fmt::format("array:at: positions are whole numbers from 1, got {}",
                                         shown_number(position)));
  }
  if (array.size() == 0) {
    lua_pushnil(L);
  } else {
    array.push(L, (static_cast<size_t>(position) - 1) % array.size());
  }
  return 1;
}

int next(lua_State* L) {
  const SharedArray& array = check_array(L);
  upvalue<ScriptHost>(L).vu_for("array:next");
  const size_t position = array.take();
  if (position < array.size()) {
    array.push(L, position);
  } else {
    lua_pushnil(L);
  }
  return 1;
}

int cycle(lua_State* L) {
  const SharedArray& array = check_array(L);
  upvalue<ScriptHost>(L).vu_for("array:cycle");
  if (array.size() == 0) {
    lua_pushnil(L);
  } else {
    array.push(L, array.take() % array.size());
  }
  return 1;
}

}  // namespace

void declare_array_handles(lua_State* L, ScriptHost& host) {
  const StackGuard guard(L);
  luaL_newmetatable(L, kArrayType);
  const int type = lua_gettop(L);
  const Function events[] = {{"__newindex", bound<refuse_write>}, {"__len", bound<length>}};
  set_functions(L, &host, events);
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pushlightuserdata(L, &host);
  lua_newtable(L);
  const Function methods[] = {{"length", bound<length>},
                              {"items", bound<items>},
                              {"at", bound<at>},
                              {"next", bound<next>},
                              {"cycle", bound<cycle>}};
  set_functions(L, &host, methods);
  guard_calls(L, "array:", type);
  lua_pushcclosure(L, bound<index>, 2);
  lua_setfield(L, -2, "__index");
}

void push_array_handle(lua_State* L, const SharedArray& array) {
  new (lua_newuserdata(L, sizeof(Handle))) Handle{array};
  luaL_getmetatable(L, kArrayType);
  lua_setmetatable(L, -2);
}

}  // namespace perigee
