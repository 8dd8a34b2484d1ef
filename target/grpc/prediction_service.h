// The API of TensorFlow Serving over gRPC: inference, metadata and status of the target's models.
#pragma once

#include <string>
#include <string_view>

#include "engine/grpc/server/services.h"
#include "target/grpc/call_pace.h"
#include "target/inference_repository.h"

namespace perigee {

// One per worker, on its thread; the repository is everybody's. Outlives the calls.
class PredictionService {
 public:
  PredictionService(InferenceRepository& repository, CallPace& pace)
      : repository_(repository), pace_(pace) {}

  void add_to(grpc::Services& services);

 private:
  void predict(const grpc::ServerCall& call, std::string_view message, std::string& response);
  void metadata(const grpc::ServerCall& call, std::string_view message, std::string& response);
  void status(const grpc::ServerCall& call, std::string_view message, std::string& response);
  InferenceRepository::Entry find(const grpc::ServerCall& call, std::string_view message) const;

  InferenceRepository& repository_;
  CallPace& pace_;
};

}  // namespace perigee
