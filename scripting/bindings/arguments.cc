#include "scripting/bindings/arguments.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/base/suggest.h"
#include "scripting/lua_state.h"

namespace perigee {

std::string_view check_text(lua_State* L, int index) {
  if (lua_type(L, index) != LUA_TNUMBER) luaL_checktype(L, index, LUA_TSTRING);
  return view_at(L, index);
}

std::string_view optional_text(lua_State* L, int index, std::string_view otherwise) {
  return lua_isnoneornil(L, index) ? otherwise : check_text(L, index);
}

size_t find_word(std::string_view word, std::span<const std::string_view> known,
                 std::string_view what) {
  const auto found = std::find(known.begin(), known.end(), word);
  if (found != known.end()) return static_cast<size_t>(found - known.begin());
  throw std::runtime_error(fmt::format("there is no {} \"{}\"{}; there are {}", what, word,
                                       did_you_mean(word, known), fmt::join(known, ", ")));
}

}  // namespace perigee
