#include "scripting/math_random.h"

#include <cmath>
#include <random>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/base/log.h"
#include "engine/base/shown_number.h"
#include "scripting/binding.h"
#include "scripting/bindings/random_source.h"

namespace perigee {
namespace {

constexpr double kLargestInteger = 9007199254740992;  // 2^53: beyond, doubles leave some out

double bound_at(lua_State* L, int index) {
  const double number = std::floor(luaL_checknumber(L, index));
  if (std::fabs(number) <= kLargestInteger) return number;
  throw std::runtime_error(
      fmt::format("math.random: the bound {} is no whole number up to 2^53", shown_number(number)));
}

// random() is from 0 to below 1, random(n) from 1 to n, random(m, n) from m to n.
int random(lua_State* L) {
  RandomGenerator& generator = upvalue<RandomSource>(L).generator();
  const int given = lua_gettop(L);
  if (given == 0) {
    lua_pushnumber(L, generator.unit());
    return 1;
  }
  const double low = given == 1 ? 1 : bound_at(L, 1);
  const double high = bound_at(L, given == 1 ? 1 : 2);
  if (high < low) {
    throw std::runtime_error(fmt::format("math.random: there is no number from {} to {}",
                                         shown_number(low), shown_number(high)));
  }
  std::uniform_int_distribution<int64_t> distribution(static_cast<int64_t>(low),
                                                      static_cast<int64_t>(high));
  lua_pushnumber(L, static_cast<double>(distribution(generator)));
  return 1;
}

int randomseed(lua_State* L) {
  constexpr const char* kMessage =
      "math.randomseed does nothing, since every VU has random numbers of its own; for numbers "
      "that "
      "repeat themselves write require(\"perigee.random\").seed(__VU), which math.random heeds, "
      "too";
  upvalue<Log>(L).once(LogLevel::kWarning, kMessage, kMessage);
  return 0;
}

}  // namespace

void replace_math_random(lua_State* L, RandomSource& source, Log& log) {
  lua_getglobal(L, "math");
  const Function draws[] = {{"random", bound<random>}};
  set_functions(L, &source, draws);
  const Function seeds[] = {{"randomseed", bound<randomseed>}};
  set_functions(L, &log, seeds);
  lua_pop(L, 1);
}

}  // namespace perigee
