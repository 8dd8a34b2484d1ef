// The values of tensors as InferTensorContents: a list for each kind of number.
#pragma once

#include <string_view>

#include "engine/protobuf/wire_writer.h"
#include "target/tensor.h"

namespace perigee {

// Reads as many values as the shape says into a tensor whose name, datatype and shape are known.
// Throws BadRequest for contents of another kind or number, and for values outside the range of the
// datatype.
void read_typed_values(std::string_view contents, Tensor& tensor);

// FP16 and BF16 have no list; they go as raw bytes only.
bool has_typed_values(Datatype datatype);
void write_typed_values(protobuf::WireWriter& writer, const Tensor& tensor);

}  // namespace perigee
