#include "engine/output/humanize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include "engine/base/shown_number.h"

namespace perigee {
namespace {

// Cuts decimals off. What binary fractions lack (0.29 * 100 is 28.999...) is forgiven.
double cut(double value, int decimals) {
  const double scale = std::pow(10.0, decimals);
  return std::trunc(value * scale + std::copysign(1e-9, value)) / scale;
}

std::string cut_number(double value, int decimals) {
  return human_number(cut(value, decimals), decimals);
}

std::string long_duration(double milliseconds) {
  const auto minutes = static_cast<int64_t>(milliseconds / 60'000);
  const auto seconds = static_cast<int64_t>(std::fmod(milliseconds, 60'000) / 1'000);
  if (minutes < 60) return fmt::format("{}m{}s", minutes, seconds);
  return fmt::format("{}h{}m{}s", minutes / 60, minutes % 60, seconds);
}

}  // namespace

std::string human_number(double value, int decimals) {
  if (!std::isfinite(value)) return shown_number(value);
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

std::string human_duration(double milliseconds, std::string_view unit) {
  if (!std::isfinite(milliseconds)) return shown_number(milliseconds);
  if (unit == "s") return fmt::format("{:.2f}s", milliseconds / 1'000);
  if (unit == "ms") return fmt::format("{:.2f}ms", milliseconds);
  if (unit == "us") return fmt::format("{:.2f}µs", milliseconds * 1'000);
  if (milliseconds == 0) return "0s";
  if (milliseconds < 0) return "-" + human_duration(-milliseconds);
  if (milliseconds < 0.001) return cut_number(milliseconds * 1e6, 0) + "ns";
  if (milliseconds < 1) return cut_number(milliseconds * 1'000, 2) + "µs";
  if (milliseconds < 1'000) return cut_number(milliseconds, 2) + "ms";
  if (milliseconds < 60'000) return cut_number(milliseconds / 1'000, 2) + "s";
  return long_duration(milliseconds);
}

std::string human_bytes(double bytes) {
  if (!std::isfinite(bytes)) return shown_number(bytes);
  constexpr std::array<std::string_view, 7> kUnits{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 10) return human_number(bytes) + " B";
  size_t unit = 0;
  for (; bytes >= 1'000 && unit + 1 < kUnits.size(); ++unit)
    bytes /= 1'000;
  const double rounded = std::floor(bytes * 10 + 0.5) / 10;
  return fmt::format("{:.{}f} {}", rounded, rounded < 10 ? 1 : 0, kUnits[unit]);
}

std::string human_share(double share) {
  if (!std::isfinite(share)) return shown_number(share);
  return fmt::format("{:.2f}%", cut(share * 100, 2));
}

std::string human_value(double value, ValueKind contains, std::string_view time_unit) {
  switch (contains) {
    case ValueKind::kTime:
      return human_duration(value, time_unit);
    case ValueKind::kData:
      return human_bytes(value);
    case ValueKind::kDefault:
      break;
  }
  return human_number(value);
}

size_t display_width(std::string_view text) {
  const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; };
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

}  // namespace perigee
