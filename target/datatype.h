// The element types of the Open Inference Protocol: their names and what values they hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace perigee {

enum class Datatype : uint8_t {
  kBool,
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kFp16,
  kFp32,
  kFp64,
  kBytes,
};

// "FP32", as the protocol spells it.
std::string_view datatype_name(Datatype datatype);
// Nothing for a name the protocol does not have.
std::optional<Datatype> parse_datatype(std::string_view name);
// "BOOL, UINT8, ..., BYTES", for messages.
std::string_view datatype_names();

bool is_real(Datatype datatype);  // FP16, FP32 or FP64

// Whether a value fits: integers exactly, reals by their magnitude.
bool holds(Datatype datatype, int64_t value);
bool holds(Datatype datatype, uint64_t value);
bool holds(Datatype datatype, double value);

}  // namespace perigee
