// The Open Inference Protocol over gRPC beside inference: health, metadata and the repository.
#pragma once

#include <string>
#include <string_view>

#include "engine/grpc/server/services.h"
#include "target/grpc/call_pace.h"
#include "target/inference_repository.h"

namespace perigee {

// What to say of a model that is not there.
std::string unknown_model(std::string_view name, std::string_view version);

// One per worker, on its thread; the repository is everybody's. Outlives the calls.
class ModelService {
 public:
  ModelService(InferenceRepository& repository, CallPace& pace)
      : repository_(repository), pace_(pace) {}

  void add_to(grpc::Services& services);

 private:
  using Write = void (ModelService::*)(const grpc::ServerCall& call, std::string_view message,
                                       std::string& response);
  void add(grpc::Services& services, std::string_view path, Write write);

  void server_live(const grpc::ServerCall& call, std::string_view message, std::string& response);
  void server_ready(const grpc::ServerCall& call, std::string_view message, std::string& response);
  void model_ready(const grpc::ServerCall& call, std::string_view message, std::string& response);
  void server_metadata(const grpc::ServerCall& call, std::string_view message,
                       std::string& response);
  void model_metadata(const grpc::ServerCall& call, std::string_view message,
                      std::string& response);
  void index(const grpc::ServerCall& call, std::string_view message, std::string& response);
  void unload(const grpc::ServerCall& call, std::string_view message, std::string& response);
  void load(grpc::ServerCall& call, std::string_view message);
  Instant load_model(const grpc::ServerCall& call, std::string_view message);

  InferenceRepository& repository_;
  CallPace& pace_;
};

}  // namespace perigee
