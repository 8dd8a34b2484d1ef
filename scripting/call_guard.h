// Looks at how scripts call the functions of modules; prelude/call_guard.lua says how.
#pragma once

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

#include "scripting/lua.h"

namespace perigee {

// Once per Lua state, before any module is opened.
void open_call_guard(lua_State* L);
// Pushes the table of the guard's functions, for preludes.
void push_call_guard(lua_State* L);

// Replaces the function on top of the stack, which scripts call `name`, by one that looks at its
// arguments first.
void guard_call(lua_State* L, const char* name);
// The same for the functions of the table on top of the stack, which are called `prefix` and their
// name. With a prefix like "jar:" they are methods, and `owner` is the index of their metatable;
// with one like "http." it is that of the table that scripts see them in.
void guard_calls(lua_State* L, const char* prefix, int owner);

// What an error of the module's function that runs is to begin with, "jar:set: " or the like; empty
// if the message begins with a function's name, or there is no such function.
std::string name_for_error(lua_State* L, std::string_view message);

// For functions whose arguments nobody looks at before: says what is wrong with those at the
// indexes `arguments`, or else gives the error the function's name. Throws std::runtime_error.
[[noreturn]] void explain_call(lua_State* L, const char* name, std::initializer_list<int> arguments,
                               const std::runtime_error& error);

}  // namespace perigee
