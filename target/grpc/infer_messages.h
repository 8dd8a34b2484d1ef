// The messages of an inference over gRPC: from the wire to the request that models know, and from
// what they compute to the wire.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/protobuf/wire_reader.h"
#include "target/inference_request.h"
#include "target/inference_response.h"

namespace perigee {

// A ModelInferRequest whose tensors have not been read yet. Views into the message; used again for
// the next one, it keeps its memory.
class InferMessage {
 public:
  // Throws MalformedMessage.
  void read(std::string_view message);

  std::string_view model_name() const { return model_name_; }
  std::string_view model_version() const { return model_version_; }
  // Its values came as raw bytes, and so go those of the response.
  bool raw() const { return !raw_.empty(); }
  // Reads its tensors for this model. Throws BadRequest and MalformedMessage.
  InferenceRequest tensors(const ModelType& model) const;

 private:
  void clear();
  void read_field(protobuf::WireReader& reader);
  Tensor read_input(size_t index) const;

  std::string_view model_name_, model_version_, id_;
  std::vector<std::string_view> inputs_, outputs_, raw_;
};

// Appends a ModelInferResponse. FP16 and BF16 have no typed contents, so with these all values go
// as raw bytes.
void write_infer_response(std::string& out, const InferenceResponse& response, bool raw);

}  // namespace perigee
