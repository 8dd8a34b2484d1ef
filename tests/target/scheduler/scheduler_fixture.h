// A scheduler whose time a test moves, and what it has reported.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "target/scheduler/scheduler_refusal.h"
#include "target/scheduler/scheduler_state.h"

namespace perigee {

inline std::string_view state_name(ModelState state) {
  switch (state) {
    case ModelState::kProgressing:
      return "progressing";
    case ModelState::kAvailable:
      return "available";
    case ModelState::kFailed:
      return "failed";
    case ModelState::kTerminating:
      return "terminating";
    case ModelState::kTerminated:
      return "terminated";
    case ModelState::kScheduleFailed:
      return "unscheduled";
    default:
      return "unknown";
  }
}

inline std::string_view state_name(PipelineState state) {
  switch (state) {
    case PipelineState::kCreate:
      return "create";
    case PipelineState::kCreating:
      return "creating";
    case PipelineState::kReady:
      return "ready";
    case PipelineState::kTerminate:
      return "terminate";
    case PipelineState::kTerminating:
      return "terminating";
    case PipelineState::kTerminated:
      return "terminated";
    default:
      return "unknown";
  }
}

struct SchedulerFixture : private SchedulerObserver {
  explicit SchedulerFixture(const SchedulerOptions& options = {})
      : repository(options.load_time), state(options, repository, *this) {}

  static ModelRequest iris(std::string name = "iris-1") {
    ModelRequest request;
    request.name = std::move(name);
    request.specification = request.uri = "gs://seldon-models/testing/iris1";
    request.requirements = {"sklearn"};
    return request;
  }
  void load(const ModelRequest& request) { state.load_model(request, now); }
  void unload(std::string_view name) { state.unload_model(name, now); }
  // A pipeline of these models, each of which gets what the one before it gives.
  static PipelineRequest chain(std::string name, const std::vector<std::string>& models) {
    PipelineRequest request;
    request.name = std::move(name);
    for (const std::string& model : models) {
      PipelineStep step;
      step.name = model;
      if (!request.steps.empty()) step.inputs = {request.steps.back().name};
      request.steps.push_back(std::move(step));
    }
    return request;
  }
  void load(const PipelineRequest& request) { state.load_pipeline(request, now); }
  // "ready v1, models ready" of the latest version.
  std::string pipeline(std::string_view name) const {
    const PipelineVersion& version = state.pipelines().get(name).latest();
    return fmt::format("{} v{}, {}", state_name(version.state), version.number,
                       version.models_ready ? "models ready" : "models missing");
  }
  void pass(Duration time) {
    now += time;
    state.advance(now);
  }
  template <typename Request>
  std::string refusal(const Request& request) {
    try {
      load(request);
    } catch (const SchedulerRefusal& refusal) {
      return refusal.what();
    }
    return "taken";
  }
  // "available 2/2" of the latest version.
  std::string model(std::string_view name) const {
    const ModelVersion& version = state.models().get(name).latest();
    return fmt::format("{} {}/{}", state_name(version.state), version.available, version.replicas);
  }
  const ModelVersion& version(std::string_view name) const {
    return state.models().get(name).latest();
  }
  bool served(std::string_view name, std::string_view version = {}) const {
    InferenceRepository::Entry entry;
    return repository.find(name, version, now, entry);
  }
  // What has been reported since this was asked last: "iris-1 progressing".
  std::vector<std::string> reported() { return std::exchange(reports, {}); }

  Instant now{};
  InferenceRepository repository;
  std::vector<std::string> reports;
  SchedulerState state;

 private:
  void on_model(const ScheduledModel& model) override {
    reports.push_back(fmt::format("{} {}", model.name, state_name(model.latest().state)));
  }
  void on_pipeline(const ScheduledPipeline& pipeline) override {
    const PipelineVersion& version = pipeline.latest();
    reports.push_back(fmt::format("{} {}", pipeline.name, state_name(version.state)));
  }
  void on_experiment(const ScheduledExperiment& experiment) override {
    reports.push_back(fmt::format("{}: {}", experiment.request.name, experiment.description));
  }
  void on_server(const Servers& /*servers*/, const ModelServer& /*server*/) override {}
};

}  // namespace perigee
