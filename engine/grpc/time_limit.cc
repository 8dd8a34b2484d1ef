#include "engine/grpc/time_limit.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include <fmt/format.h>

namespace perigee::grpc {
namespace {

struct Unit {
  char name;
  int64_t nanoseconds;
};

constexpr std::array<Unit, 6> kUnits{{{'n', 1},
                                      {'u', 1'000},
                                      {'m', 1'000'000},
                                      {'S', 1'000'000'000},
                                      {'M', 60'000'000'000},
                                      {'H', 3'600'000'000'000}}};
constexpr size_t kMaxDigits = 8;
constexpr int64_t kMaxNumber = 99'999'999;

}  // namespace

std::string format_time_limit(Duration limit) {
  const int64_t nanoseconds = std::max<int64_t>(limit.count(), 1);
  for (const Unit& unit : kUnits) {
    const int64_t number =
        nanoseconds / unit.nanoseconds + (nanoseconds % unit.nanoseconds == 0 ? 0 : 1);
    if (number <= kMaxNumber) return fmt::format("{}{}", number, unit.name);
  }
  return fmt::format("{}H", kMaxNumber);
}

std::optional<Duration> parse_time_limit(std::string_view value) {
  if (value.size() < 2 || value.size() > kMaxDigits + 1) return std::nullopt;
  const auto* const unit = std::find_if(
      kUnits.begin(), kUnits.end(), [&](const Unit& each) { return each.name == value.back(); });
  uint32_t number = 0;
  const char* const end = value.data() + value.size() - 1;
  const auto [rest, error] = std::from_chars(value.data(), end, number);
  if (unit == kUnits.end() || error != std::errc() || rest != end) return std::nullopt;
  if (number > INT64_MAX / unit->nanoseconds) return Duration::max();
  return Duration(number * unit->nanoseconds);
}

}  // namespace perigee::grpc
