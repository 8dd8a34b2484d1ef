// Tensors as TensorFlow has them in messages.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/protobuf/wire_writer.h"
#include "target/tensor.h"

namespace perigee {

// The number of a datatype in TensorFlow's enumeration.
uint32_t tensorflow_type(Datatype datatype);

// Reads a TensorProto, whose values are bytes or a list of their kind. Throws BadRequest and
// MalformedMessage.
Tensor read_tensor_proto(std::string_view name, std::string_view message);

// Writes one; numbers go as bytes, texts as a list.
void write_tensor_proto(protobuf::WireWriter& writer, std::string& out, uint32_t field,
                        const Tensor& tensor);

// Writes a TensorShapeProto.
void write_shape_proto(protobuf::WireWriter& writer, uint32_t field, const Shape& shape);

}  // namespace perigee
