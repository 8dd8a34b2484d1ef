// The values of tensors as raw bytes: little-endian numbers, and texts with four bytes of length
// before each.
#pragma once

#include <string>
#include <string_view>

#include "target/tensor.h"

namespace perigee {

// Reads as many values as the shape says into a tensor whose name, datatype and shape are known.
// Throws BadRequest if the bytes, which the protocol calls `what`, are more or less.
void read_raw_values(std::string_view bytes, Tensor& tensor,
                     std::string_view what = "raw contents");

// The bytes that the values of a tensor take.
size_t raw_size(const Tensor& tensor);
void append_raw_values(std::string& out, const Tensor& tensor);

// Values that the shape holds. Throws BadRequest for a shape that is none, or one that is larger
// than any request may be.
size_t value_count(const Tensor& tensor);

}  // namespace perigee
