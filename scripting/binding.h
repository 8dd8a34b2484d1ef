// What bindings share: the error trampoline, argument readers, table building.
#pragma once

#include <exception>
#include <string_view>

#include "scripting/lua.h"
#include "scripting/lua_state.h"

namespace perigee {

// Pushes "script.lua:12: " for the innermost running line that is the script's own: parts of the
// modules are Lua too.
void push_position(lua_State* L);

// Pushes the message of an error that a module's function has thrown: with the script's line, and
// with the function's name where the message begins with none.
void push_error(lua_State* L, const std::exception& error);

// Turns a C++ exception into a Lua error at the script's line; without it LuaJIT says no more than
// "C++ exception". Lua's own errors pass through and run destructors on their way.
template <int (*F)(lua_State*)>
int bound(lua_State* L) {
  try {
    return F(L);
  } catch (const std::exception& error) {
    push_error(L, error);
  }
  return lua_error(L);
}

// The object that a module gave its functions as their first upvalue.
template <typename T>
T& upvalue(lua_State* L) {
  return *static_cast<T*>(lua_touserdata(L, lua_upvalueindex(1)));
}

// A function of a module, by the name that scripts call it.
struct Function {
  const char* name;
  lua_CFunction function;
};

// Adds functions to the table on top of the stack, each with `self` as its first upvalue.
template <size_t N>
void set_functions(lua_State* L, void* self, const Function (&functions)[N]) {
  for (const Function& entry : functions) {
    lua_pushlightuserdata(L, self);
    lua_pushcclosure(L, entry.function, 1);
    lua_setfield(L, -2, entry.name);
  }
}

}  // namespace perigee
