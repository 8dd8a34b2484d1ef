#include "scripting/bindings/time.h"

#include <array>
#include <chrono>
#include <cmath>
#include <ctime>
#include <limits>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "engine/base/clock.h"
#include "engine/base/shown_number.h"
#include "scripting/binding.h"
#include "scripting/bindings/arguments.h"
#include "scripting/lua_state.h"
#include "scripting/rfc3339.h"

namespace perigee {
namespace {

// The years that a calendar date of four digits can have.
constexpr double kFirst = -62'167'219'200'000;
constexpr double kEnd = 253'402'300'800'000;
constexpr size_t kLongestText = 1024;

double now_ms() {
  return to_ms(std::chrono::system_clock::now().time_since_epoch());
}

double checked_ms(lua_State* L, int index) {
  const double ms = lua_isnoneornil(L, index) ? now_ms() : luaL_checknumber(L, index);
  if (ms >= kFirst && ms < kEnd) return ms;
  throw std::runtime_error(
      fmt::format("{} ms since 1970 is not in the years 0 to 9999", shown_number(ms)));
}

std::time_t seconds_of(double ms) {
  return static_cast<std::time_t>(std::floor(ms / 1000));
}

// iso([ms]) -> "2026-01-31T12:00:00.000Z"
int iso(lua_State* L) {
  push_view(L, format_rfc3339(checked_ms(L, 1)));
  return 1;
}

// parse(text) -> ms
int parse(lua_State* L) {
  const std::string text(check_text(L, 1));
  const auto ms = parse_rfc3339(text);
  if (!ms) {
    throw std::runtime_error(fmt::format(
        "\"{}\" is no date like 2026-01-31 or 2026-01-31T12:00:00.5Z (or +01:00 for Z)", text));
  }
  lua_pushnumber(L, *ms);
  return 1;
}

// format(pattern[, ms[, zone]]) -> text
int format(lua_State* L) {
  static constexpr std::array<std::string_view, 2> kZones{"utc", "local"};
  const std::string pattern(check_text(L, 1));
  const std::time_t seconds = seconds_of(checked_ms(L, 2));
  const bool local = find_word(optional_text(L, 3, "utc"), kZones, "zone") == 1;
  std::tm date{};
  if ((local ? localtime_r(&seconds, &date) : gmtime_r(&seconds, &date)) == nullptr) {
    throw std::runtime_error("the time can't be told in this zone");
  }
  std::array<char, kLongestText> text{};
  const size_t size = std::strftime(text.data(), text.size(), pattern.c_str(), &date);
  if (size == 0 && !pattern.empty()) {
    throw std::runtime_error(fmt::format("the text for \"{}\" is empty or has more than {} bytes",
                                         pattern, kLongestText - 1));
  }
  push_view(L, {text.data(), size});
  return 1;
}

// monotonic() -> ms
int monotonic(lua_State* L) {
  lua_pushnumber(L, to_ms(std::chrono::steady_clock::now().time_since_epoch()));
  return 1;
}

class TimeInstance final : public Module::Instance {
 public:
  void push(lua_State* L) override {
    lua_newtable(L);
    const Function functions[] = {{"iso", bound<iso>},
                                  {"parse", bound<parse>},
                                  {"format", bound<format>},
                                  {"monotonic", bound<monotonic>}};
    set_functions(L, this, functions);
  }
};

}  // namespace

std::unique_ptr<Module::Instance> TimeModule::open(ScriptHost&) {
  return std::make_unique<TimeInstance>();
}

int push_now(lua_State* L) {
  lua_pushnumber(L, now_ms());
  return 1;
}

}  // namespace perigee
