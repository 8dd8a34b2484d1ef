#include "target/inference/pipeline_model.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "target/bad_request.h"
#include "target/inference/model_inputs.h"
#include "target/inference_repository.h"

namespace perigee {
namespace {

using Tensors = std::vector<Tensor>;

// One inference: what has gone into each step so far, and come out of it.
class PipelineRun {
 public:
  PipelineRun(const PipelineRequest& pipeline, const InferenceRepository& repository,
              std::span<const Tensor> inputs)
      : pipeline_(pipeline), repository_(repository), inputs_(inputs.begin(), inputs.end()) {}

  Tensors run() {
    // Each round finds a step at least, unless they wait for each other.
    while (done_.size() < pipeline_.steps.size()) {
      const size_t before = done_.size();
      for (const PipelineStep& step : pipeline_.steps) {
        if (!done_.contains(step.name) && can_run(step)) run_step(step);
      }
      if (done_.size() == before) {
        throw BadRequest(
            fmt::format("the steps of pipeline {} wait for each other", pipeline_.name));
      }
    }
    if (!pipeline_.has_output) return done_[pipeline_.steps.back().name].outputs;
    return gather(pipeline_.outputs, {});
  }

 private:
  struct Done {
    Tensors inputs, outputs;
  };

  bool can_run(const PipelineStep& step) const {
    const auto is_done = [this](const std::string& text) {
      const std::string_view source = parse_tensor_reference(text).step;
      return source == pipeline_.name || done_.contains(source);
    };
    return std::all_of(step.inputs.begin(), step.inputs.end(), is_done) &&
           std::all_of(step.triggers.begin(), step.triggers.end(), is_done);
  }

  void run_step(const PipelineStep& step) try {
    InferenceRepository::Entry model;
    if (!repository_.find_model(step.name, model)) {
      throw BadRequest(fmt::format("model {} is not loaded", step.name));
    }
    Done done;
    done.inputs = step.inputs.empty() ? inputs_ : gather(step.inputs, step.tensor_map);
    ModelInputs taken(*model.type);
    for (const Tensor& tensor : done.inputs)
      taken.add(tensor);
    done.outputs = model.type->predict(taken.take());
    std::erase_if(done.outputs,
                  [&](const Tensor& output) { return on_request(*model.type, output); });
    done_.emplace(step.name, std::move(done));
  } catch (const BadRequest& refusal) {
    throw BadRequest(
        fmt::format("step {} of pipeline {}: {}", step.name, pipeline_.name, refusal.what()));
  }

  static bool on_request(const ModelType& type, const Tensor& output) {
    return std::any_of(type.outputs.begin(), type.outputs.end(), [&](const OutputSpec& spec) {
      return spec.on_request && spec.name == output.name;
    });
  }

  const Tensors& source(const TensorReference& reference) const {
    if (reference.step == pipeline_.name) return inputs_;
    const Done& done = done_.find(reference.step)->second;
    return reference.side == "inputs" ? done.inputs : done.outputs;
  }

  Tensors gather(const std::vector<std::string>& references,
                 const std::map<std::string, std::string, std::less<>>& names) const {
    Tensors tensors;
    for (const std::string& text : references) {
      const TensorReference reference = parse_tensor_reference(text);
      const size_t before = tensors.size();
      for (const Tensor& tensor : source(reference)) {
        if (!reference.tensor.empty() && tensor.name != reference.tensor) continue;
        tensors.push_back(tensor);
        const auto name =
            names.find(fmt::format("{}.{}.{}", reference.step, reference.side, tensor.name));
        if (name != names.end()) tensors.back().name = name->second;
      }
      if (tensors.size() == before) throw BadRequest(fmt::format("there is no {}", text));
    }
    return tensors;
  }

  const PipelineRequest& pipeline_;
  const InferenceRepository& repository_;
  const Tensors inputs_;
  std::map<std::string, Done, std::less<>> done_;
};

}  // namespace

std::shared_ptr<const ModelType> make_pipeline_model(const PipelineRequest& pipeline,
                                                     const InferenceRepository& repository) {
  auto type = std::make_shared<ModelType>();
  type->name = "pipeline";
  type->any_inputs = true;
  type->predict = [pipeline, &repository](std::span<const Tensor> inputs) {
    return PipelineRun(pipeline, repository, inputs).run();
  };
  return type;
}

}  // namespace perigee
