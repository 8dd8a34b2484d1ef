#include "scripting/bindings/json_decoding.h"

#include <array>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "scripting/bindings/arguments.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 2> kFields{"null", "bigNumbers"};

// The field's name and its value are on top of the stack.
void set_field(lua_State* L, Decoding& decoding) {
  if (lua_type(L, -2) != LUA_TSTRING) {
    throw std::runtime_error("the options of decode must have names, like null or bigNumbers");
  }
  if (find_word(view_at(L, -2), kFields, "option of decode") == 0) {
    if (!is_json_null(L, -1)) throw std::runtime_error("null must be json.null");
    decoding.keeps_nulls = true;
    return;
  }
  if (lua_type(L, -1) != LUA_TSTRING || view_at(L, -1) != "string") {
    throw std::runtime_error("bigNumbers must be \"string\"");
  }
  decoding.integers = Integers::kText;
}

}  // namespace

Decoding check_decoding(lua_State* L, int index) {
  Decoding decoding;
  if (lua_isnoneornil(L, index)) return decoding;
  luaL_checktype(L, index, LUA_TTABLE);
  const StackGuard guard(L);
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1))
    set_field(L, decoding);
  return decoding;
}

}  // namespace perigee
