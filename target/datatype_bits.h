// The values of 16-bit real datatypes as they lie in binary.
#pragma once

#include <cstdint>

namespace perigee {

double from_fp16(uint16_t bits);
// Of a value that FP16 can hold; see `to_datatype`.
uint16_t fp16_bits(double value);

double from_bf16(uint16_t bits);
uint16_t bf16_bits(double value);

}  // namespace perigee
