#include "scripting/data/value_array.h"

#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "scripting/lua_state.h"
#include "scripting/values/value_copy.h"

namespace perigee {
namespace {

void check_list(lua_State* L, int index) {
  if (!lua_istable(L, index)) {
    throw std::runtime_error(
        fmt::format("its function must return a list, got a {}", luaL_typename(L, index)));
  }
  size_t keys = 0;
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
    ++keys;
    if (lua_type(L, -2) == LUA_TNUMBER) continue;
    throw std::runtime_error("its function must return a list, got a table with named keys");
  }
  if (keys != lua_objlen(L, index)) {
    throw std::runtime_error("its function must return a list, got one with holes");
  }
}

}  // namespace

void ValueArray::add(const std::string& copy) {
  copies_ += copy;
  begins_.push_back(copies_.size());
}

void ValueArray::push(lua_State* L, size_t index) const {
  const size_t begin = begins_[index];
  push_value(L, std::string_view(copies_).substr(begin, begins_[index + 1] - begin));
}

std::unique_ptr<SharedArray> copy_lua_list(lua_State* L, int index) {
  const StackGuard guard(L);
  if (index < 0) index = lua_gettop(L) + index + 1;
  check_list(L, index);
  auto array = std::make_unique<ValueArray>();
  const auto size = static_cast<int>(lua_objlen(L, index));
  for (int i = 1; i <= size; ++i) {
    lua_rawgeti(L, index, i);
    try {
      array->add(copy_value(L, -1, fmt::format("list[{}]", i)));
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(
          fmt::format("its function returned what can't be shared: {}", error.what()));
    }
    lua_pop(L, 1);
  }
  return array;
}

}  // namespace perigee
