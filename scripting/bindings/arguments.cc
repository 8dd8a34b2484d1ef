#include "scripting/bindings/arguments.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/base/suggest.h"

namespace perigee {

std::string_view check_text(lua_State* L, int index) {
  size_t size = 0;
  const char* text = luaL_checklstring(L, index, &size);
  return {text, size};
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
