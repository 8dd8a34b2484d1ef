// Inference requests without any JSON: the body is the values of the model's only input.
#pragma once

#include <string_view>

#include "target/inference_request.h"

namespace perigee {

// The shape follows from the model's and from the number of bytes; a text is the body as it is.
// Outputs go back in binary. Throws BadRequest for a model of several inputs, and for bytes that
// fit no shape.
InferenceRequest read_raw_request(std::string_view bytes, const ModelType& model);

}  // namespace perigee
