// An inference request of the Open Inference Protocol, held against the model it is for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "target/models.h"

namespace perigee {

struct InferenceRequest {
  std::string id;                    // empty if the sender gave none
  std::vector<Tensor> inputs;        // in the order of the model's specification
  std::vector<std::string> outputs;  // those asked for; empty means the usual ones
};

// Reads and validates the JSON of a request. Throws BadRequest with one sentence that names the
// input and what is wrong with it.
InferenceRequest parse_inference_request(std::string_view body, const ModelType& model);

}  // namespace perigee
