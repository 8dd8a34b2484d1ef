#include "target/datatype.h"

#include <array>
#include <cmath>
#include <limits>

namespace perigee {
namespace {

constexpr std::array<std::string_view, 13> kNames{"BOOL", "UINT8", "UINT16", "UINT32", "UINT64",
                                                  "INT8", "INT16", "INT32",  "INT64",  "FP16",
                                                  "FP32", "FP64",  "BYTES"};

constexpr double kLargestHalf = 65504;

struct Range {
  int64_t least;
  uint64_t most;
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

std::string_view datatype_names() {
  return "BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP16, FP32, FP64, BYTES";
}

bool is_real(Datatype datatype) {
  return datatype == Datatype::kFp16 || datatype == Datatype::kFp32 || datatype == Datatype::kFp64;
}

bool holds(Datatype datatype, int64_t value) {
  if (value >= 0) return holds(datatype, static_cast<uint64_t>(value));
  return is_real(datatype) ? holds(datatype, static_cast<double>(value))
                           : value >= range_of(datatype).least;
}

bool holds(Datatype datatype, uint64_t value) {
  return is_real(datatype) ? holds(datatype, static_cast<double>(value))
                           : value <= range_of(datatype).most;
}

bool holds(Datatype datatype, double value) {
  if (datatype == Datatype::kFp16) return std::abs(value) <= kLargestHalf;
  if (datatype == Datatype::kFp32) {
    return std::abs(value) <= static_cast<double>(std::numeric_limits<float>::max());
  }
  return datatype == Datatype::kFp64 && std::isfinite(value);
}

}  // namespace perigee
