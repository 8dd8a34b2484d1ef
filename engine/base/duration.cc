#include "engine/base/duration.h"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace perigee {
namespace {

struct Unit {
  std::string_view name;
  double nanoseconds;
};

// Longer names first: "ms" must not be read as "m".
constexpr std::array<Unit, 8> kUnits{{{"ns", 1},
                                      {"us", 1e3},
                                      {"µs", 1e3},
                                      {"ms", 1e6},
                                      {"s", 1e9},
                                      {"m", 60e9},
                                      {"h", 3600e9},
                                      {"d", 86400e9}}};

constexpr double kLongest = 9.2e18;

// Reads digits with an optional fraction; from_chars would accept "1e5", "inf" and "nan" too.
std::optional<double> take_number(std::string_view& text) {
  const size_t length = text.find_first_not_of("0123456789.");
  const std::string_view digits = text.substr(0, length);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  text.remove_prefix(digits.size());
  return value;
}

std::optional<double> take_unit(std::string_view& text) {
  for (const Unit& unit : kUnits) {
    if (text.substr(0, unit.name.size()) != unit.name) continue;
    text.remove_prefix(unit.name.size());
    return unit.nanoseconds;
  }
  return std::nullopt;
}

std::optional<double> parse_nanoseconds(std::string_view text) {
  double total = 0;
  const bool bare = text.find_first_not_of("0123456789.") == std::string_view::npos;
  while (!text.empty()) {
    const auto number = take_number(text);
    if (!number) return std::nullopt;
    const auto unit = bare ? std::optional(1e6) : take_unit(text);
    if (!unit) return std::nullopt;
    total += *number * *unit;
  }
  return total;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const bool negative = text.front() == '-';
  if (negative || text.front() == '+') text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  const auto nanoseconds = parse_nanoseconds(text);
  if (!nanoseconds || *nanoseconds > kLongest) return std::nullopt;
  const auto whole = static_cast<int64_t>(std::llround(*nanoseconds));
  return Duration(negative ? -whole : whole);
}

std::string format_duration(Duration duration) {
  if (duration < Duration::zero()) return "-" + format_duration(-duration);
  const int64_t ns = duration.count();
  if (ns == 0) return "0s";
  if (ns < 1'000) return fmt::format("{}ns", ns);
  if (ns < 1'000'000) return fmt::format("{}µs", static_cast<double>(ns) / 1e3);
  if (ns < 1'000'000'000) return fmt::format("{}ms", static_cast<double>(ns) / 1e6);
  const int64_t minutes = ns / 60'000'000'000;
  const double seconds = static_cast<double>(ns % 60'000'000'000) / 1e9;
  std::string text;
  if (minutes >= 60) text += fmt::format("{}h", minutes / 60);
  if (minutes % 60 != 0) text += fmt::format("{}m", minutes % 60);
  if (seconds > 0) text += fmt::format("{}s", seconds);
  return text;
}

}  // namespace perigee
