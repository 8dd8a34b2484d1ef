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

// The string at `index` as a view; it must be a string.
inline std::string_view view_at(lua_State* L, int index) {
  size_t size = 0;
  const char* text = lua_tolstring(L, index, &size);
  return {text, size};
}

inline void push_view(lua_State* L, std::string_view text) {
  lua_pushlstring(L, text.data(), text.size());
}

}  // namespace perigee
