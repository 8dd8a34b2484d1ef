#include "engine/execution/fraction.h"

#include <charconv>
#include <numeric>

#include <fmt/format.h>

namespace perigee {
namespace {

// Digits and nothing else.
std::optional<int64_t> parse_count(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return {};
  int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || value > Fraction::kMost) return {};
  return value;
}

// The number `digits` with the point `decimals` digits from its end, over `divisor`.
std::optional<Fraction> shifted(std::string_view digits, size_t decimals, int64_t divisor) {
  const auto value = parse_count(digits);
  for (; decimals > 0 && divisor <= Fraction::kMost; --decimals)
    divisor *= 10;
  if (!value || divisor > Fraction::kMost) return {};
  return Fraction(*value, divisor);
}

std::optional<Fraction> parse_decimal(std::string_view text, int64_t divisor) {
  const size_t point = text.find('.');
  if (point == std::string_view::npos) return shifted(text, 0, divisor);
  const std::string_view decimals = text.substr(point + 1);
  if (decimals.empty()) return {};
  return shifted(std::string(text.substr(0, point)).append(decimals), decimals.size(), divisor);
}

}  // namespace

Fraction::Fraction(int64_t numerator, int64_t denominator) {
  const int64_t divisor = std::gcd(numerator, denominator);
  numerator_ = numerator / divisor;
  denominator_ = denominator / divisor;
}

std::string Fraction::text() const {
  if (denominator_ == 1) return fmt::format("{}", numerator_);
  return fmt::format("{}/{}", numerator_, denominator_);
}

std::optional<Fraction> parse_fraction(std::string_view text) {
  if (!text.empty() && text.back() == '%') {
    return parse_decimal(text.substr(0, text.size() - 1), 100);
  }
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return parse_decimal(text, 1);
  const auto numerator = parse_count(text.substr(0, slash));
  const auto denominator = parse_count(text.substr(slash + 1));
  if (!numerator || !denominator || *denominator == 0) return {};
  return Fraction(*numerator, *denominator);
}

}  // namespace perigee
