// A request of TensorFlow Serving's HTTP API: tensors as nested lists.
#pragma once

#include <string_view>

#include "target/inference_request.h"

namespace perigee {

struct PredictRequest {
  InferenceRequest request;
  bool by_row = false;  // "instances", whose response has a prediction for each
};

// Reads "inputs", a tensor or one by the name of each input, or "instances", the rows of the same;
// shapes are those of the lists, and {"b64": "..."} is a text. Throws BadRequest.
PredictRequest parse_predict_request(std::string_view text, const ModelType& model);

}  // namespace perigee
