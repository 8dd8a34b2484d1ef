// One entry of a request's "inputs", from JSON to a tensor.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "target/inference/binary_data.h"
#include "target/tensor.h"

namespace perigee {

// Reads name, datatype, shape and values, which must agree with each other. The values are "data",
// which may be nested in any way and is taken in order, or as many bytes of `binary` as
// "binary_data_size" says. `position` counts from 1 and stands in for a name in messages
// until there is one; a missing name is an error unless `nameless` is set. Throws BadRequest.
Tensor read_input_tensor(const nlohmann::json& entry, size_t position, bool nameless,
                         BinaryData& binary);

// "[1,4]"
std::string shape_text(const Shape& shape);

}  // namespace perigee
