// The binary data extension of the Open Inference Protocol: values of tensors that lie in bytes
// behind the JSON of a request, where its inputs say how many of them are theirs.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "target/target_request.h"

namespace perigee {

inline constexpr std::string_view kJsonLengthField = "Inference-Header-Content-Length";

// Bytes behind a JSON, which the inputs take in their order.
class BinaryData {
 public:
  // Of a request that does not say where its JSON ends.
  BinaryData() = default;
  explicit BinaryData(std::string_view bytes) : is_known_(true), bytes_(bytes) {}

  bool is_known() const { return is_known_; }
  size_t left() const { return bytes_.size(); }
  // The next bytes; nothing if there are less.
  std::optional<std::string_view> take(size_t size);

 private:
  bool is_known_ = false;
  std::string_view bytes_;
};

struct RequestParts {
  std::string_view json;
  BinaryData binary;

  // Without any JSON the bytes are the values of the model's only input.
  bool is_raw() const { return json.empty() && binary.is_known(); }
};

// Parts a body where the header says that its JSON ends, if there is that header. Throws BadRequest
// for one that is no such place.
RequestParts split_body(const TargetRequest& request);

}  // namespace perigee
