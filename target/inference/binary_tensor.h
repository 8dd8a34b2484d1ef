// Tensors whose values lie in binary behind the JSON of a request: an extension of the Open
// Inference Protocol that this server does not have.
#pragma once

#include <string_view>

#include "target/target_request.h"

namespace perigee {

// What a client can do instead, as a half-sentence.
inline constexpr std::string_view kBinaryTensorsMissing =
    "tensors in binary are not supported yet; send their values as \"data\" in the JSON "
    "(tritonclient: binary_data=False)";

// Throws BadRequest for a request with bytes behind its JSON, by its
// Inference-Header-Content-Length.
void refuse_binary_tensors(const TargetRequest& request);

}  // namespace perigee
