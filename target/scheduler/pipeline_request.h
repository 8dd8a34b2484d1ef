// A pipeline as somebody wants it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace perigee {

// A model of the pipeline and where its inputs come from.
struct PipelineStep {
  std::string name;
  std::vector<std::string> inputs;    // "STEP", "STEP.outputs" or "STEP.outputs.TENSOR"
  std::vector<std::string> triggers;  // what it waits for without getting it
  std::map<std::string, std::string, std::less<>> tensor_map;  // from names as they come
};

struct PipelineRequest {
  std::string name;
  std::vector<PipelineStep> steps;
  bool has_output = false;
  std::vector<std::string> outputs;  // written as inputs are
  bool allow_cycles = false;
  int64_t generation = 0;  // of the resource of Kubernetes; 0 if there is none

  // As they came over the wire: the whole, and which resource it comes from.
  std::string definition;
  std::string kubernetes;

  const PipelineStep* find(std::string_view step) const {
    for (const PipelineStep& candidate : steps) {
      if (candidate.name == step) return &candidate;
    }
    return nullptr;
  }
};

// Where an input comes from.
struct TensorReference {
  std::string_view step;    // or the pipeline's own name
  std::string_view side;    // "inputs" or "outputs"
  std::string_view tensor;  // empty: all of them
};
// Reads "STEP.outputs.TENSOR"; the side is empty where the text has another form.
TensorReference parse_tensor_reference(std::string_view text);

// Throws SchedulerRefusal that says what does not fit together.
void check_pipeline(const PipelineRequest& pipeline);

}  // namespace perigee
