// Exact fractions as people write them: 10%, 1/3, 0.25, 1.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace perigee {

// In lowest terms; never negative. Both parts are at most kMost, so that products of two fit.
class Fraction {
 public:
  static constexpr int64_t kMost = 1'000'000'000;

  constexpr Fraction() = default;
  // Both at most kMost, the denominator above 0.
  Fraction(int64_t numerator, int64_t denominator);

  int64_t numerator() const { return numerator_; }
  int64_t denominator() const { return denominator_; }
  // "1/3", "0", "1".
  std::string text() const;

  bool operator==(const Fraction&) const = default;
  std::strong_ordering operator<=>(const Fraction& other) const {
    return numerator_ * other.denominator_ <=> other.numerator_ * denominator_;
  }

 private:
  int64_t numerator_ = 0;
  int64_t denominator_ = 1;
};

// Nothing if it is no fraction, negative, or has more digits than can be counted exactly.
std::optional<Fraction> parse_fraction(std::string_view text);

}  // namespace perigee
