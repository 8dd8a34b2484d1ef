// The Open Inference Protocol over HTTP: health, metadata, inference and the model repository.
#pragma once

#include <random>
#include <string>

#include "target/answer.h"
#include "target/inference_repository.h"
#include "target/target_request.h"

namespace perigee {

// One per worker, on its thread; the repository is everybody's.
class InferenceRoutes {
 public:
  InferenceRoutes(InferenceRepository& repository, uint64_t seed);

  // The request's route must be one of kServerMetadata to kUnload.
  Answer answer(const TargetRequest& request, Instant at);

 private:
  Answer infer(const TargetRequest& request, Instant at);
  Answer run(const InferenceRepository::Entry& model, std::string_view body);
  Answer model_ready(const TargetRequest& request, Instant at) const;
  Answer model_metadata(const TargetRequest& request, Instant at) const;
  Answer index(const TargetRequest& request, Instant at) const;
  Answer load(const TargetRequest& request, Instant at);
  Answer unload(const TargetRequest& request);
  std::string new_id();

  InferenceRepository& repository_;
  std::mt19937_64 random_;
};

}  // namespace perigee
