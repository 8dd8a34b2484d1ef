#include "engine/output/number_text.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>

#include <fmt/format.h>

namespace perigee {
namespace {

// Most values are whole: counts, rates and the zeros of phases that did not happen.
bool is_whole(double value) {
  constexpr double kExact = 1e15;
  return std::abs(value) < kExact && std::trunc(value) == value &&
         !(value == 0 && std::signbit(value));
}

void append_whole(std::string& row, int64_t value) {
  const fmt::format_int text(value);
  row.append(text.data(), text.size());
}

// Six decimals by integer arithmetic, where the product is exact enough to round as printf does.
bool append_millionths(std::string& row, double value) {
  constexpr double kLargest = 1e6;
  constexpr double kDoubt = 1e-3;
  if (!(value > 0) || value >= kLargest) return false;
  const double scaled = value * 1e6;
  const double below = std::floor(scaled);
  if (std::abs(scaled - below - 0.5) < kDoubt) return false;
  const auto millionths = static_cast<int64_t>(scaled - below < 0.5 ? below : below + 1);
  append_whole(row, millionths / 1'000'000);
  std::array<char, 7> decimals{'.', '0', '0', '0', '0', '0', '0'};
  int64_t rest = millionths % 1'000'000;
  for (size_t i = 6; i > 0; --i, rest /= 10)
    decimals[i] = static_cast<char>('0' + rest % 10);
  row.append(decimals.data(), decimals.size());
  return true;
}

}  // namespace

void append_fixed(std::string& row, double value) {
  if (is_whole(value)) {
    append_whole(row, static_cast<int64_t>(value));
    row += ".000000";
  } else if (!append_millionths(row, value)) {
    fmt::format_to(std::back_inserter(row), "{:.6f}", value);
  }
}

}  // namespace perigee
