// The element types of the Open Inference Protocol: their names and what values they hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
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
  kBf16,
  kBytes,
};

// "FP32", as the protocol spells it.
std::string_view datatype_name(Datatype datatype);
// Nothing for a name the protocol does not have.
std::optional<Datatype> parse_datatype(std::string_view name);
// All of them, in the order of the enumeration.
std::span<const std::string_view> datatype_names();

bool is_real(Datatype datatype);  // FP16, FP32, FP64 or BF16
// Bytes that a value takes in a binary tensor; 0 for BYTES, whose values have lengths of their own.
size_t value_size(Datatype datatype);

// Whether an integer fits.
bool holds(Datatype datatype, int64_t value);
bool holds(Datatype datatype, uint64_t value);

// The value of a real datatype that is closest to `value`; infinite if that is too large for it.
double to_datatype(Datatype datatype, double value);
// Appends a finite value of the datatype with as few digits as give it back exactly; whole numbers
// of FP16 and BF16 have all of theirs.
void append_shortest(std::string& out, Datatype datatype, double value);

}  // namespace perigee
