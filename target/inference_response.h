// The reply to an inference request: JSON in the words of MLServer, and what goes in binary.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "target/inference_request.h"

namespace perigee {

struct InferenceResponse {
  std::string_view model_name;
  std::string_view model_version;
  std::string_view id;
  std::span<const Tensor> outputs;
};

// A response's body: JSON, and behind it the values of the outputs that go in binary.
struct ResponseBody {
  std::string bytes;
  size_t json_size = 0;
  bool has_binary = false;  // be it of no bytes
};

// Numbers of JSON are written with as few digits as give them back exactly. The request says which
// outputs go in binary.
ResponseBody write_inference_response(const InferenceResponse& response,
                                      const InferenceRequest& request);

// Those outputs the request asks for: the ones it names, in its order, or the usual ones.
std::vector<Tensor> choose_outputs(std::vector<Tensor> computed, const InferenceRequest& request,
                                   const ModelType& model);

}  // namespace perigee
