// A response of TensorFlow Serving's HTTP API: tensors as nested lists.
#pragma once

#include <span>
#include <string>

#include "target/tensor.h"

namespace perigee {

// {"outputs": ...}: the only tensor, or each by its name.
std::string write_outputs(std::span<const Tensor> tensors);

// {"predictions": [...]}: the rows of the only tensor, or of each by its name. Throws BadRequest
// for tensors whose first sizes differ.
std::string write_predictions(std::span<const Tensor> tensors);

}  // namespace perigee
