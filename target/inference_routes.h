// The Open Inference Protocol over HTTP: health, metadata, inference and the model repository.
#pragma once

#include <random>
#include <string>

#include "target/inference_repository.h"
#include "target/inference_request.h"
#include "target/json_reply.h"
#include "target/target_request.h"

namespace perigee {

// One per worker, on its thread; the repository is everybody's.
class InferenceRoutes {
 public:
  InferenceRoutes(InferenceRepository& repository, uint64_t seed);

  // The request's route must be one of kServerMetadata to kUnload.
  http::Reply reply(const TargetRequest& request, Instant at);

 private:
  http::Reply infer(const TargetRequest& request, Instant at);
  http::Reply run(const InferenceRepository::Entry& model, InferenceRequest request);
  http::Reply model_ready(const TargetRequest& request, Instant at) const;
  http::Reply model_metadata(const TargetRequest& request, Instant at) const;
  http::Reply index(const TargetRequest& request, Instant at) const;
  http::Reply load(const TargetRequest& request, Instant at);
  http::Reply unload(const TargetRequest& request);
  std::string new_id();

  InferenceRepository& repository_;
  std::mt19937_64 random_;
};

}  // namespace perigee
