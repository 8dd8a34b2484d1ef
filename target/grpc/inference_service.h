// Inference over gRPC: one response to a call, or a stream of them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/grpc/server/services.h"
#include "target/grpc/call_pace.h"
#include "target/grpc/infer_messages.h"
#include "target/inference_repository.h"

namespace perigee {

// One per worker, on its thread; the repository is everybody's. Outlives the calls.
class InferenceService {
 public:
  InferenceService(InferenceRepository& repository, CallPace& pace)
      : repository_(repository), pace_(pace) {}

  void add_to(grpc::Services& services);

  // Appends the ModelInferResponse to a ModelInferRequest that came at `at`. Metadata that name a
  // model win over the message. Throws what `refusal_status` knows.
  void infer(const http::ServerRequest& request, std::string_view message, Instant at,
             std::string& response);

 private:
  void respond(grpc::ServerCall& call, std::string_view message);
  const InferenceRepository::Entry& find(std::string_view routed, Instant at);

  InferenceRepository& repository_;
  CallPace& pace_;
  // Used again for each request.
  InferMessage message_;
  InferenceRepository::Entry model_;
  std::string response_;
};

}  // namespace perigee
