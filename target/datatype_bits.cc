#include "target/datatype_bits.h"

#include <bit>
#include <cmath>
#include <limits>

namespace perigee {
namespace {

constexpr int kFractionBits = 10;  // of FP16
constexpr int kMinExponent = -14;  // of its normal numbers
constexpr int kBias = 15;
constexpr uint16_t kInfinity = 0x7c00;
constexpr uint16_t kNotANumber = 0x7e00;

uint16_t magnitude_bits(double value) {
  if (std::isnan(value)) return kNotANumber;
  if (std::isinf(value)) return kInfinity;
  if (value == 0) return 0;
  const int exponent = std::max(std::ilogb(value), kMinExponent);
  // 1024 and more for normal numbers: the bit above the fraction adds one to the exponent.
  const auto steps = static_cast<int>(std::ldexp(value, kFractionBits - exponent));
  return static_cast<uint16_t>(((exponent + kBias - 1) << kFractionBits) + steps);
}

}  // namespace

double from_fp16(uint16_t bits) {
  const int exponent = bits >> kFractionBits & 0x1f;
  const int fraction = bits & 0x3ff;
  const double sign = (bits & 0x8000) != 0 ? -1 : 1;
  if (exponent == 0x1f) {
    return fraction != 0 ? std::numeric_limits<double>::quiet_NaN() : std::copysign(HUGE_VAL, sign);
  }
  if (exponent == 0) return sign * std::ldexp(fraction, kMinExponent - kFractionBits);
  return sign * std::ldexp(fraction + 1024, exponent - kBias - kFractionBits);
}

uint16_t fp16_bits(double value) {
  const uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  return sign | magnitude_bits(std::abs(value));
}

double from_bf16(uint16_t bits) {
  return std::bit_cast<float>(uint32_t{bits} << 16);
}

uint16_t bf16_bits(double value) {
  return static_cast<uint16_t>(std::bit_cast<uint32_t>(static_cast<float>(value)) >> 16);
}

}  // namespace perigee
