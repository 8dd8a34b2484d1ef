#include "scripting/bindings/random_number.h"

#include <cmath>
#include <random>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/base/shown_number.h"
#include "scripting/binding.h"
#include "scripting/bindings/random_source.h"
#include "scripting/zipf_distribution.h"

namespace perigee {
namespace {

constexpr double kLargestInteger = 9007199254740992;  // 2^53: beyond, doubles leave some out

RandomGenerator& generator(lua_State* L) {
  return upvalue<RandomSource>(L).generator();
}

int push_number(lua_State* L, double number) {
  lua_pushnumber(L, number);
  return 1;
}

[[noreturn]] void refuse(const char* function, const char* what, const char* wanted,
                         double number) {
  throw std::runtime_error(fmt::format("random.{}: {} must be {}, got {}", function, what, wanted,
                                       shown_number(number)));
}

double finite(lua_State* L, int index, const char* function, const char* what) {
  const double number = luaL_checknumber(L, index);
  if (!std::isfinite(number)) refuse(function, what, "a finite number", number);
  return number;
}

double positive(lua_State* L, int index, const char* function, const char* what) {
  const double number = finite(L, index, function, what);
  if (number <= 0) refuse(function, what, "more than 0", number);
  return number;
}

double whole(lua_State* L, int index, const char* function, const char* what) {
  const double number = finite(L, index, function, what);
  if (number != std::floor(number) || std::fabs(number) > kLargestInteger) {
    refuse(function, what, "a whole number", number);
  }
  return number;
}

int seed(lua_State* L) {
  const auto number = static_cast<int64_t>(whole(L, 1, "seed", "the seed"));
  upvalue<RandomSource>(L).seed(static_cast<uint64_t>(number));
  return 0;
}

// From `low` to below `high`.
int uniform(lua_State* L) {
  const double low = lua_isnoneornil(L, 1) ? 0 : finite(L, 1, "float", "the least number");
  const double high = lua_isnoneornil(L, 2) ? 1 : finite(L, 2, "float", "the greatest number");
  if (high < low) refuse("float", "the greatest number", "at least the least", high);
  return push_number(L, low + (high - low) * generator(L).unit());
}

// Both ends included.
int integer(lua_State* L) {
  const double low = whole(L, 1, "integer", "the least number");
  const double high = whole(L, 2, "integer", "the greatest number");
  if (high < low) refuse("integer", "the greatest number", "at least the least", high);
  std::uniform_int_distribution<int64_t> distribution(static_cast<int64_t>(low),
                                                      static_cast<int64_t>(high));
  return push_number(L, static_cast<double>(distribution(generator(L))));
}

int normal(lua_State* L) {
  const double mean = lua_isnoneornil(L, 1) ? 0 : finite(L, 1, "normal", "the mean");
  const double deviation = lua_isnoneornil(L, 2) ? 1 : positive(L, 2, "normal", "the deviation");
  return push_number(L, std::normal_distribution(mean, deviation)(generator(L)));
}

int lognormal(lua_State* L) {
  const double mean = lua_isnoneornil(L, 1) ? 0 : finite(L, 1, "lognormal", "the mean");
  const double deviation = lua_isnoneornil(L, 2) ? 1 : positive(L, 2, "lognormal", "the deviation");
  return push_number(L, std::lognormal_distribution(mean, deviation)(generator(L)));
}

int exponential(lua_State* L) {
  const double mean = positive(L, 1, "exponential", "the mean");
  return push_number(L, std::exponential_distribution(1 / mean)(generator(L)));
}

int poisson(lua_State* L) {
  const double mean = positive(L, 1, "poisson", "the mean");
  if (mean > 1e9) refuse("poisson", "the mean", "at most 1e9", mean);
  return push_number(L,
                     static_cast<double>(std::poisson_distribution<int64_t>(mean)(generator(L))));
}

int zipf(lua_State* L) {
  const double ranks = whole(L, 1, "zipf", "the number of ranks");
  if (ranks < 1) refuse("zipf", "the number of ranks", "at least 1", ranks);
  const double exponent = lua_isnoneornil(L, 2) ? 1 : positive(L, 2, "zipf", "the exponent");
  const ZipfDistribution distribution(static_cast<uint64_t>(ranks), exponent);
  return push_number(L, static_cast<double>(distribution(generator(L))));
}

int pareto(lua_State* L) {
  const double shape = positive(L, 1, "pareto", "the shape");
  const double least = lua_isnoneornil(L, 2) ? 1 : positive(L, 2, "pareto", "the least number");
  return push_number(L, least * std::pow(1 - generator(L).unit(), -1 / shape));
}

}  // namespace

void add_random_numbers(lua_State* L, RandomSource& source) {
  const Function functions[] = {
      {"seed", bound<seed>},           {"float", bound<uniform>},
      {"integer", bound<integer>},     {"normal", bound<normal>},
      {"lognormal", bound<lognormal>}, {"exponential", bound<exponential>},
      {"poisson", bound<poisson>},     {"zipf", bound<zipf>},
      {"pareto", bound<pareto>}};
  set_functions(L, &source, functions);
}

}  // namespace perigee
