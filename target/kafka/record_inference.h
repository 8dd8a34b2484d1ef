// An inference whose request is the value of a message: from its bytes to those of the reply.
#pragma once

#include <string>
#include <string_view>

#include "target/grpc/infer_messages.h"
#include "target/inference_repository.h"

namespace perigee {

// How a value is written.
enum class ValueForm : uint8_t { kJson, kProtobuf };

// By what the header `seldon-infer-type` says, or else by the value itself.
ValueForm value_form(std::string_view infer_type, std::string_view value);

// One per gateway, on its thread.
class RecordInference {
 public:
  explicit RecordInference(const InferenceRepository& repository) : repository_(repository) {}

  struct Request {
    std::string routed;  // "iris", "iris-pipeline.pipeline"
    std::string_view value;
    ValueForm form;
    std::string_view id;  // of the response, if the request has none of its own
  };

  // The response, in the form of the request. Throws std::runtime_error that says what is wrong.
  std::string infer(const Request& request, Instant at);

 private:
  std::string infer_json(const InferenceRepository::Entry& model, const Request& request) const;
  std::string infer_message(const InferenceRepository::Entry& model, const Request& request);

  const InferenceRepository& repository_;
  InferMessage message_;
};

}  // namespace perigee
