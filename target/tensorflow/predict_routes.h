// The API of TensorFlow Serving over HTTP, with OpenVINO Model Server's list of models.
#pragma once

#include "target/inference_repository.h"
#include "target/json_reply.h"
#include "target/target_request.h"

namespace perigee {

// One per worker, on its thread; the repository is everybody's.
class PredictRoutes {
 public:
  explicit PredictRoutes(InferenceRepository& repository) : repository_(repository) {}

  // Whether this is a question for a model's status, at a place which OpenAI's API has, too.
  bool has_status(const TargetRequest& request, Instant at) const;

  // The request's route must be one of kPredict to kPredictConfig, or one that has a status.
  http::Reply reply(const TargetRequest& request, Instant at) const;

 private:
  http::Reply answer(const TargetRequest& request, Instant at) const;
  http::Reply config(Instant at) const;

  InferenceRepository& repository_;
};

}  // namespace perigee
