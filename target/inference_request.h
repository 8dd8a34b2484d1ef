// An inference request of the Open Inference Protocol, held against the model it is for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "target/inference/binary_data.h"
#include "target/models.h"

namespace perigee {

struct InferenceRequest {
  std::string id;                           // empty if the sender gave none
  std::vector<Tensor> inputs;               // in the order of the model's specification
  std::vector<std::string> outputs;         // those asked for; empty means the usual ones
  bool binary_output = false;               // the usual ones go back in binary
  std::vector<std::string> binary_outputs;  // those asked for in binary

  bool wants_binary(std::string_view output) const;
};

// Reads and validates the JSON of a request, and the bytes behind it. Throws BadRequest with one
// sentence that names the input and what is wrong with it.
InferenceRequest parse_inference_request(std::string_view text, const ModelType& model,
                                         BinaryData binary = {});

}  // namespace perigee
