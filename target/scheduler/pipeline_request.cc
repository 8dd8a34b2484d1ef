#include "target/scheduler/pipeline_request.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "target/scheduler/resource_name.h"
#include "target/scheduler/scheduler_refusal.h"

namespace perigee {
namespace {

template <typename... Parts>
[[noreturn]] void refuse(const PipelineRequest& pipeline, fmt::format_string<Parts...> text,
                         Parts&&... parts) {
  throw SchedulerRefusal(fmt::format("pipeline {}: {}", pipeline.name,
                                     fmt::format(text, std::forward<Parts>(parts)...)));
}

void check_names(const PipelineRequest& pipeline) {
  std::set<std::string_view> names;
  for (const PipelineStep& step : pipeline.steps) {
    if (step.name.empty()) refuse(pipeline, "a step has no name");
    if (step.name == pipeline.name) {
      refuse(pipeline, "a step must not have the pipeline's own name");
    }
    if (!names.insert(step.name).second) refuse(pipeline, "there are two steps {}", step.name);
  }
}

void check_reference(const PipelineRequest& pipeline, std::string_view user,
                     std::string_view text) {
  const TensorReference reference = parse_tensor_reference(text);
  const bool own = reference.step == pipeline.name;
  if (reference.side.empty() || (own && reference.side != "inputs")) {
    refuse(pipeline,
           "\"{}\" of {} is no input; write STEP, STEP.outputs, STEP.outputs.TENSOR, "
           "STEP.inputs.TENSOR or {}.inputs",
           text, user, pipeline.name);
  }
  if (own || pipeline.find(reference.step) != nullptr) return;
  refuse(pipeline, "there is no step {}, which {} names", reference.step, user);
}

void check_inputs(const PipelineRequest& pipeline) {
  for (const PipelineStep& step : pipeline.steps) {
    for (const auto* references : {&step.inputs, &step.triggers}) {
      for (const std::string& text : *references)
        check_reference(pipeline, "step " + step.name, text);
    }
    for (const std::string& trigger : step.triggers) {
      if (std::find(step.inputs.begin(), step.inputs.end(), trigger) == step.inputs.end()) continue;
      refuse(pipeline, "{} is both an input and a trigger of step {}", trigger, step.name);
    }
  }
}

void check_output(const PipelineRequest& pipeline) {
  if (!pipeline.has_output) return;
  if (pipeline.outputs.empty()) refuse(pipeline, "its output names no step");
  for (const std::string& text : pipeline.outputs) {
    check_reference(pipeline, "the output", text);
    if (parse_tensor_reference(text).step != pipeline.name) continue;
    refuse(pipeline, "its output must come from a step");
  }
}

// Steps on the way from a step to those it gets something from. Throws at the first one that is
// there twice.
void check_cycle(const PipelineRequest& pipeline, const PipelineStep& step,
                 std::set<std::string_view>& way, std::set<std::string_view>& done) {
  if (done.contains(step.name)) return;
  if (!way.insert(step.name).second) refuse(pipeline, "step {} waits for itself", step.name);
  for (const auto* references : {&step.inputs, &step.triggers}) {
    for (const std::string& text : *references) {
      const PipelineStep* before = pipeline.find(parse_tensor_reference(text).step);
      if (before != nullptr) check_cycle(pipeline, *before, way, done);
    }
  }
  way.erase(step.name);
  done.insert(step.name);
}

// What is deeper could exhaust the stack.
constexpr size_t kMostSteps = 1000;

}  // namespace

TensorReference parse_tensor_reference(std::string_view text) {
  TensorReference reference;
  const size_t first = text.find('.');
  reference.step = text.substr(0, first);
  if (first == std::string_view::npos) {
    reference.side = text.empty() ? "" : "outputs";
    return reference;
  }
  const std::string_view rest = text.substr(first + 1);
  const size_t second = rest.find('.');
  const std::string_view side = rest.substr(0, second);
  if (side == "inputs" || side == "outputs") reference.side = side;
  if (second == std::string_view::npos) return reference;
  reference.tensor = rest.substr(second + 1);
  if (reference.tensor.empty()) reference.side = {};
  return reference;
}

void check_pipeline(const PipelineRequest& pipeline) {
  check_resource_name("pipeline", pipeline.name);
  if (pipeline.steps.empty()) refuse(pipeline, "it has no steps");
  if (pipeline.steps.size() > kMostSteps) refuse(pipeline, "it has more than {} steps", kMostSteps);
  check_names(pipeline);
  check_inputs(pipeline);
  check_output(pipeline);
  if (pipeline.allow_cycles) return;
  std::set<std::string_view> way, done;
  for (const PipelineStep& step : pipeline.steps)
    check_cycle(pipeline, step, way, done);
}

}  // namespace perigee
