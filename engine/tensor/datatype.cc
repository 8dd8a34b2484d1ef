#include "engine/tensor/datatype.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <limits>

#include <fmt/format.h>

#include "engine/base/json_text.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 14> kNames{"BOOL", "UINT8", "UINT16", "UINT32", "UINT64",
                                                  "INT8", "INT16", "INT32",  "INT64",  "FP16",
                                                  "FP32", "FP64",  "BF16",   "BYTES"};

// What IEEE 754 says of a binary format smaller than double.
struct Format {
  int fraction_bits;
  int min_exponent;  // of normal numbers
  double limit;      // what rounds beyond the largest number, half a step above it
  int max_digits;    // decimal ones that tell all its numbers apart
};

constexpr Format kHalf{10, -14, 0x1.ffep15, 5};
constexpr Format kBrain{7, -126, 0x1.ffp127, 4};
// Where floats end; rounding to float is the compiler's.
constexpr double kFloatLimit = 0x1.ffffffp127;

double round_to(const Format& format, double value) {
  if (!(std::abs(value) < format.limit)) return std::copysign(HUGE_VAL, value);
  int exponent = 0;
  std::frexp(value, &exponent);  // of a fraction from 0.5 on
  const int step = std::max(exponent - 1, format.min_exponent) - format.fraction_bits;
  return std::ldexp(std::nearbyint(std::ldexp(value, -step)), step);
}

void append_shortest(std::string& out, const Format& format, double value) {
  const size_t begin = out.size();
  for (int digits = 1; digits <= format.max_digits; ++digits) {
    out.resize(begin);
    fmt::format_to(std::back_inserter(out), "{:.{}g}", value, digits);
    if (round_to(format, std::strtod(out.c_str() + begin, nullptr)) == value) return;
  }
}

struct Range {
  int64_t min;
  uint64_t max;
};

template <typename T>
constexpr Range range_of() {
  return {static_cast<int64_t>(std::numeric_limits<T>::min()),
          static_cast<uint64_t>(std::numeric_limits<T>::max())};
}

Range range_of(Datatype datatype) {
  switch (datatype) {
    case Datatype::kBool:
      return {0, 1};
    case Datatype::kUint8:
      return range_of<uint8_t>();
    case Datatype::kUint16:
      return range_of<uint16_t>();
    case Datatype::kUint32:
      return range_of<uint32_t>();
    case Datatype::kUint64:
      return range_of<uint64_t>();
    case Datatype::kInt8:
      return range_of<int8_t>();
    case Datatype::kInt16:
      return range_of<int16_t>();
    case Datatype::kInt32:
      return range_of<int32_t>();
    default:
      return range_of<int64_t>();
  }
}

}  // namespace

std::string_view datatype_name(Datatype datatype) {
  return kNames[static_cast<size_t>(datatype)];
}

std::optional<Datatype> parse_datatype(std::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Datatype>(i);
  }
  return std::nullopt;
}

std::span<const std::string_view> datatype_names() {
  return kNames;
}

bool is_real(Datatype datatype) {
  return datatype >= Datatype::kFp16 && datatype <= Datatype::kBf16;
}

size_t value_size(Datatype datatype) {
  constexpr std::array<size_t, 14> kSizes{1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8, 2, 0};
  return kSizes[static_cast<size_t>(datatype)];
}

bool holds(Datatype datatype, int64_t value) {
  return value >= 0 ? holds(datatype, static_cast<uint64_t>(value))
                    : value >= range_of(datatype).min;
}

bool holds(Datatype datatype, uint64_t value) {
  return value <= range_of(datatype).max;
}

double to_datatype(Datatype datatype, double value) {
  if (std::isnan(value)) return value;
  switch (datatype) {
    case Datatype::kFp16:
      return round_to(kHalf, value);
    case Datatype::kBf16:
      return round_to(kBrain, value);
    case Datatype::kFp32:
      return std::abs(value) < kFloatLimit ? static_cast<double>(static_cast<float>(value))
                                           : std::copysign(HUGE_VAL, value);
    default:
      return value;
  }
}

void append_shortest(std::string& out, Datatype datatype, double value) {
  const bool small = datatype == Datatype::kFp16 || datatype == Datatype::kBf16;
  if (value == 0) {
    // Read as JSON, -0 is an integer and loses its sign.
    out += std::signbit(value) ? "-0.0" : "0";
  } else if (datatype == Datatype::kFp64) {
    append_json_number(out, value);
  } else if (small && value != std::trunc(value)) {
    append_shortest(out, datatype == Datatype::kFp16 ? kHalf : kBrain, value);
  } else {
    fmt::format_to(std::back_inserter(out), "{}", static_cast<float>(value));
  }
}

}  // namespace perigee
