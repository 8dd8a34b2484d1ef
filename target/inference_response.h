// The JSON reply to an inference request, in the words of MLServer.
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

// Numbers are written with as few digits as give them back exactly.
std::string write_inference_response(const InferenceResponse& response);

// Those outputs the request asks for: the ones it names, in its order, or the usual ones.
std::vector<Tensor> choose_outputs(std::vector<Tensor> computed, const InferenceRequest& request,
                                   const ModelType& model);

}  // namespace perigee
