// The values of 16-bit real datatypes as they lie in binary.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace perigee {

// What IEEE 754 says of a binary format of 16 bits.
struct SmallFormat {
  int fraction_bits;
  int min_exponent;  // of normal numbers
  int bias;
  uint16_t infinity;
};

inline constexpr SmallFormat kFp16Format{10, -14, 15, 0x7c00};
inline constexpr SmallFormat kBf16Format{7, -126, 127, 0x7f80};

// The bits of the format's number that is closest to `value`, of two the even one; those of
// infinity where it is too large. Loops over tensors call this: it has no branch for most values.
inline uint16_t small_bits(const SmallFormat& format, double value) {
  constexpr int kDoubleFraction = 52;
  constexpr int kDoubleBias = 1023;
  const auto bits = std::bit_cast<uint64_t>(value);
  const auto sign = static_cast<uint16_t>(bits >> 48 & 0x8000);
  const int exponent = static_cast<int>(bits >> kDoubleFraction & 0x7ff) - kDoubleBias;
  if (exponent > format.bias) {
    const int quiet = std::isnan(value) ? 1 << (format.fraction_bits - 1) : 0;
    return static_cast<uint16_t>(sign | format.infinity | quiet);
  }
  const int scale = std::max(exponent, format.min_exponent);
  // A double of this size has one unit of the format in its last bit, so that the sum is rounded
  // as the format wants it, and ends in the number of units.
  const auto unit_in_last_bit =
      static_cast<uint64_t>(scale - format.fraction_bits + kDoubleFraction + kDoubleBias)
      << kDoubleFraction;
  const double sum = std::abs(value) + std::bit_cast<double>(unit_in_last_bit);
  const auto units = static_cast<int>(std::bit_cast<uint64_t>(sum) & 0xffff);
  // The bit above the fraction, which normal numbers have, adds one to the exponent.
  const int magnitude = ((scale + format.bias - 1) << format.fraction_bits) + units;
  return static_cast<uint16_t>(sign | magnitude);
}

inline uint16_t fp16_bits(double value) {
  return small_bits(kFp16Format, value);
}

inline uint16_t bf16_bits(double value) {
  return small_bits(kBf16Format, value);
}

inline double from_bf16(uint16_t bits) {
  return std::bit_cast<float>(uint32_t{bits} << 16);
}

inline double from_fp16(uint16_t bits) {
  const uint32_t sign = uint32_t{bits} >> 15 << 31;
  const uint32_t magnitude = bits & 0x7fffU;
  // Numbers below the normal ones are multiples of the smallest.
  if (magnitude < 0x400) {
    return (sign != 0 ? -0x1p-24 : 0x1p-24) * static_cast<double>(magnitude);
  }
  const uint32_t exponent_gap = magnitude < 0x7c00 ? 127 - 15 : 255 - 31;
  return std::bit_cast<float>(sign | ((magnitude << 13) + (exponent_gap << 23)));
}

}  // namespace perigee
