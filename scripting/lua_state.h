// A LuaJIT state with the standard libraries and the project's JIT settings.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "scripting/lua.h"

namespace perigee {

struct CloseLuaState {
  void operator()(lua_State* L) const { lua_close(L); }
};
using LuaStatePtr = std::unique_ptr<lua_State, CloseLuaState>;

// Throws std::bad_alloc when there is no memory for it.
LuaStatePtr make_lua_state(bool jit);

// Takes the error on top of the stack as text: a message, or what tostring makes of the value.
std::string take_error(lua_State* L);

// Restores the height of a stack at the end of a scope.
class StackGuard {
 public:
  explicit StackGuard(lua_State* L) : L_(L), top_(lua_gettop(L)) {}
  ~StackGuard() { lua_settop(L_, top_); }
  StackGuard(const StackGuard&) = delete;
  StackGuard& operator=(const StackGuard&) = delete;

 private:
  lua_State* L_;
  int top_;
};

// Puts the text of the number at `index` in its place: all digits of whole ones, others as JSON has
// them, where Lua itself would leave 14 digits.
std::string_view number_text_at(lua_State* L, int index);

// The string or number at `index` as text; it stays valid as long as the value is on the stack.
inline std::string_view view_at(lua_State* L, int index) {
  if (lua_type(L, index) == LUA_TNUMBER) return number_text_at(L, index);
  size_t size = 0;
  const char* text = lua_tolstring(L, index, &size);
  return {text, size};
}

inline void push_view(lua_State* L, std::string_view text) {
  lua_pushlstring(L, text.data(), text.size());
}

}  // namespace perigee
