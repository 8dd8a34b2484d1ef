#include "scripting/bindings/random_choice.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "engine/base/shown_number.h"
#include "scripting/binding.h"
#include "scripting/bindings/arguments.h"
#include "scripting/bindings/random_source.h"

namespace perigee {
namespace {

constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz";
constexpr double kLongestString = 16.0 * 1024 * 1024;

RandomGenerator& generator(lua_State* L) {
  return upvalue<RandomSource>(L).generator();
}

// From 0 to below `count`.
size_t below(lua_State* L, size_t count) {
  return std::uniform_int_distribution<size_t>(0, count - 1)(generator(L));
}

int string(lua_State* L) {
  const double length = luaL_checknumber(L, 1);
  const std::string_view alphabet = optional_text(L, 2, kAlphabet);
  if (!(length >= 0 && length <= kLongestString && length == std::floor(length))) {
    throw std::runtime_error(
        fmt::format("random.string: the length must be a whole number up to {}, got {}",
                    kLongestString, shown_number(length)));
  }
  if (alphabet.empty())
    throw std::runtime_error("random.string: there are no characters to choose from");
  std::string text(static_cast<size_t>(length), '\0');
  for (char& c : text)
    c = alphabet[below(L, alphabet.size())];
  push_view(L, text);
  return 1;
}

// Version 4 of RFC 9562: all random but for six bits.
int uuid(lua_State* L) {
  const uint64_t high = (generator(L)() & ~0xf000ULL) | 0x4000U;
  const uint64_t low = (generator(L)() & ~(3ULL << 62)) | 2ULL << 62;
  push_view(L, fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xffff,
                           high & 0xffff, low >> 48, low & 0xffffffffffffULL));
  return 1;
}

// The table at index 1 may be empty, but not have names instead of elements.
void refuse_names(lua_State* L, const char* function) {
  lua_pushnil(L);
  if (lua_objlen(L, 1) > 0 || lua_next(L, 1) == 0) return lua_settop(L, 1);
  throw std::runtime_error(fmt::format(
      "random.{}: wants a list, got a table whose elements have other keys than 1, 2, 3",
      function));
}

// The length of the list, or shared array, at index 1.
size_t check_length(lua_State* L, const char* function) {
  size_t length = 0;
  if (lua_istable(L, 1)) {
    refuse_names(L, function);
    length = lua_objlen(L, 1);
  } else if (luaL_callmeta(L, 1, "__len") != 0) {
    length = static_cast<size_t>(lua_tonumber(L, -1));
    lua_pop(L, 1);
  } else {
    throw std::runtime_error(
        fmt::format("random.{}: wants a list, got a {}", function, luaL_typename(L, 1)));
  }
  if (length == 0) throw std::runtime_error(fmt::format("random.{}: the list is empty", function));
  return length;
}

int item(lua_State* L) {
  lua_pushnumber(L, static_cast<double>(below(L, check_length(L, "item")) + 1));
  lua_gettable(L, 1);
  return 1;
}

// A new list; the one given stays as it is.
int shuffle(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  refuse_names(L, "shuffle");
  const auto length = static_cast<int>(lua_objlen(L, 1));
  lua_createtable(L, length, 0);
  for (int i = 1; i <= length; ++i) {
    // The elements so far are shuffled; the new one takes a place and sends who was there last.
    const auto place = static_cast<int>(below(L, static_cast<size_t>(i))) + 1;
    lua_rawgeti(L, -1, place);
    lua_rawseti(L, -2, i);
    lua_rawgeti(L, 1, i);
    lua_rawseti(L, -2, place);
  }
  return 1;
}

double check_weight(lua_State* L, int index) {
  const double weight = lua_type(L, index) == LUA_TNUMBER ? lua_tonumber(L, index) : -1;
  if (!(weight >= 0) || !std::isfinite(weight)) {
    throw std::runtime_error("random.weighted: a weight must be a number from 0");
  }
  return weight;
}

// Which of the weights is hit, in proportion to them.
size_t choose(lua_State* L, const std::vector<double>& weights) {
  double sum = 0;
  for (const double weight : weights)
    sum += weight;
  if (!(sum > 0)) throw std::runtime_error("random.weighted: no weight is more than 0");
  double left = generator(L).unit() * sum;
  size_t chosen = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] <= 0) continue;
    chosen = i;
    left -= weights[i];
    if (left < 0) break;
  }
  return chosen;
}

// { { item, weight }, ... }
int choose_pair(lua_State* L) {
  std::vector<double> weights(lua_objlen(L, 1));
  for (size_t i = 0; i < weights.size(); ++i) {
    lua_rawgeti(L, 1, static_cast<int>(i + 1));
    if (!lua_istable(L, -1))
      throw std::runtime_error("random.weighted: wants pairs { item, weight }");
    lua_rawgeti(L, -1, 2);
    weights[i] = check_weight(L, -1);
    lua_pop(L, 2);
  }
  lua_rawgeti(L, 1, static_cast<int>(choose(L, weights) + 1));
  lua_rawgeti(L, -1, 1);
  return 1;
}

// { name = weight, ... }: in sorted order, so that a seed gives the same names each time.
int choose_name(lua_State* L) {
  std::vector<std::pair<std::string_view, double>> names;
  for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) {
      throw std::runtime_error(
          "random.weighted: names must be strings; for other items give pairs "
          "{ item, weight }");
    }
    names.emplace_back(view_at(L, -2), check_weight(L, -1));
  }
  std::sort(names.begin(), names.end());
  std::vector<double> weights;
  for (const auto& [name, weight] : names)
    weights.push_back(weight);
  push_view(L, names[choose(L, weights)].first);
  return 1;
}

int weighted(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  return lua_objlen(L, 1) > 0 ? choose_pair(L) : choose_name(L);
}

}  // namespace

void add_random_choices(lua_State* L, RandomSource& source) {
  const Function functions[] = {{"string", bound<string>},
                                {"uuid", bound<uuid>},
                                {"item", bound<item>},
                                {"shuffle", bound<shuffle>},
                                {"weighted", bound<weighted>}};
  set_functions(L, &source, functions);
}

}  // namespace perigee
