#include "scripting/tensor/shape.h"

#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/tensor/limits.h"
#include "scripting/lua_state.h"
#include "scripting/protobuf/lua_number.h"

namespace perigee {
namespace {

[[noreturn]] void too_large() {
  throw std::runtime_error(fmt::format("the tensor is larger than {} MiB, which is the most",
                                       limits::kTensorBytes / 1024 / 1024));
}

size_t read_size(lua_State* L, size_t position, std::string_view place) {
  const double size = lua_type(L, -1) == LUA_TNUMBER ? lua_tonumber(L, -1) : -1;
  if (!(size >= 0) || size != std::floor(size)) {
    throw std::runtime_error(fmt::format("{}[{}] must be a whole number from 0 on, got {}", place,
                                         position, shown_value(L, -1)));
  }
  if (size > static_cast<double>(limits::kTensorBytes)) too_large();
  return static_cast<size_t>(size);
}

// How many fields the table on top of the stack has, whatever they are called.
size_t count_fields(lua_State* L) {
  size_t count = 0;
  for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1))
    ++count;
  return count;
}

}  // namespace

size_t read_value_count(lua_State* L, int index, std::string_view place) {
  const StackGuard guard(L);
  lua_pushvalue(L, index);
  if (!lua_istable(L, -1)) {
    throw std::runtime_error(
        fmt::format("{} must be a list of sizes like {{1, 4}}, got {}", place, shown_value(L, -1)));
  }
  size_t count = 1;
  const size_t length = lua_objlen(L, -1);
  // What stands behind a hole or under a name would be passed over.
  if (count_fields(L) != length) {
    throw std::runtime_error(
        fmt::format("{} must be a list of sizes like {{1, 4}}, without holes and names", place));
  }
  for (size_t i = 1; i <= length; ++i) {
    lua_rawgeti(L, -1, static_cast<int>(i));
    count *= read_size(L, i, place);
    check_tensor_size(count, 1);
    lua_pop(L, 1);
  }
  return count;
}

std::string shape_text(lua_State* L, int index) {
  const StackGuard guard(L);
  lua_pushvalue(L, index);
  std::string text = "[";
  const size_t length = lua_objlen(L, -1);
  for (size_t i = 1; i <= length; ++i) {
    lua_rawgeti(L, -1, static_cast<int>(i));
    text += fmt::format("{}{:.0f}", i == 1 ? "" : ",", lua_tonumber(L, -1));
    lua_pop(L, 1);
  }
  return text + "]";
}

void check_tensor_size(size_t values, size_t bytes_each) {
  if (bytes_each != 0 && values > limits::kTensorBytes / bytes_each) too_large();
}

}  // namespace perigee
