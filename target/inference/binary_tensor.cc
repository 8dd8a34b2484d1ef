#include "target/inference/binary_tensor.h"

#include <string>

#include "target/bad_request.h"

namespace perigee {

void refuse_binary_tensors(const TargetRequest& request) {
  const std::string_view length = request.field("Inference-Header-Content-Length");
  if (length.empty() || parse_number(length) == request.body.size()) return;
  throw BadRequest(std::string(kBinaryTensorsMissing));
}

}  // namespace perigee
