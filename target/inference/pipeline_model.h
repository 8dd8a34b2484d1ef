// A pipeline of models, served as one.
#pragma once

#include <memory>

#include "target/models.h"
#include "target/scheduler/pipeline_request.h"

namespace perigee {

class InferenceRepository;

// Takes any inputs, hands them through the steps, and gives what the pipeline's output names, or
// what its last step gives. The models are those that the repository, which outlives it, has at
// each inference. It throws BadRequest, also where a model is not there.
std::shared_ptr<const ModelType> make_pipeline_model(const PipelineRequest& pipeline,
                                                     const InferenceRepository& repository);

}  // namespace perigee
