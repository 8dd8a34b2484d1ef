// The values of binary tensors as they lie in memory: little-endian, row by row, without padding.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#include "engine/tensor/datatype.h"
#include "engine/tensor/datatype_bits.h"

namespace perigee {

static_assert(std::endian::native == std::endian::little, "tensors are copied as they lie");

struct Fp16 {
  uint16_t bits;
  bool operator==(const Fp16&) const = default;
};
struct Bf16 {
  uint16_t bits;
  bool operator==(const Bf16&) const = default;
};

template <typename Stored>
inline constexpr bool kIsReal = !std::is_integral_v<Stored>;

// Calls `visit` with a value of the type in which the datatype lies, so that loops over values are
// compiled for each; not for BYTES.
template <typename Visit>
auto with_stored(Datatype datatype, Visit visit) {
  switch (datatype) {
    case Datatype::kBool:
    case Datatype::kUint8:
      return visit(uint8_t{});
    case Datatype::kUint16:
      return visit(uint16_t{});
    case Datatype::kUint32:
      return visit(uint32_t{});
    case Datatype::kUint64:
      return visit(uint64_t{});
    case Datatype::kInt8:
      return visit(int8_t{});
    case Datatype::kInt16:
      return visit(int16_t{});
    case Datatype::kInt32:
      return visit(int32_t{});
    case Datatype::kInt64:
      return visit(int64_t{});
    case Datatype::kFp16:
      return visit(Fp16{});
    case Datatype::kBf16:
      return visit(Bf16{});
    case Datatype::kFp32:
      return visit(float{});
    default:
      return visit(double{});
  }
}

// A real value rounded to the type; infinite where it is too large for it.
template <typename Stored>
Stored stored_real(double value) {
  if constexpr (std::is_same_v<Stored, Fp16>) {
    return {fp16_bits(value)};
  } else if constexpr (std::is_same_v<Stored, Bf16>) {
    return {bf16_bits(value)};
  } else {
    return static_cast<Stored>(value);
  }
}

inline double real_of(Fp16 value) {
  return from_fp16(value.bits);
}
inline double real_of(Bf16 value) {
  return from_bf16(value.bits);
}
inline double real_of(double value) {
  return value;
}

// Writes a value at `at` and moves it behind.
template <typename Stored>
void store(char*& at, Stored value) {
  std::memcpy(at, &value, sizeof value);
  at += sizeof value;
}

// Reads the value at `at` and moves it behind.
template <typename Stored>
Stored load(const char*& at) {
  Stored value;
  std::memcpy(&value, at, sizeof value);
  at += sizeof value;
  return value;
}

}  // namespace perigee
