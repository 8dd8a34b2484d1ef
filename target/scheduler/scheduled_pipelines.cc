#include "target/scheduler/scheduled_pipelines.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "target/inference/pipeline_model.h"
#include "target/scheduler/scheduler_refusal.h"

namespace perigee {
namespace {

constexpr size_t kMostPipelines = 100'000;
constexpr size_t kMostGone = 1000;
// Of a pipeline, those that are gone included.
constexpr size_t kMostVersions = 16;

}  // namespace

ScheduledPipelines::ScheduledPipelines(Duration time, Agenda& agenda, const ScheduledModels& models,
                                       InferenceRepository& repository, Changed changed)
    : time_(time),
      agenda_(agenda),
      models_(models),
      repository_(repository),
      changed_(std::move(changed)),
      gone_(kMostGone) {}

void ScheduledPipelines::load(const PipelineRequest& request, Instant now) {
  check_pipeline(request);
  ScheduledPipeline& pipeline = enter(request);
  // The same resource of Kubernetes again is no new version.
  const bool repeated = !pipeline.versions.empty() && request.generation != 0 &&
                        pipeline.latest().request.generation == request.generation;
  if (!repeated) create(pipeline, request, now);
}

// The pipeline of the name, as it was or new.
ScheduledPipeline& ScheduledPipelines::enter(const PipelineRequest& request) {
  const auto found = pipelines_.find(request.name);
  const bool gone = found != pipelines_.end() && found->second.deleted;
  if (gone && !found->second.latest().gone()) {
    throw SchedulerRefusal(
        fmt::format("pipeline {} is being unloaded; it can be loaded again when it is gone "
                    "(PipelineTerminated)",
                    request.name));
  }
  if (found == pipelines_.end() && pipelines_.size() >= kMostPipelines) {
    throw SchedulerRefusal(
        fmt::format("there are {} pipelines, which is as many as there may be", kMostPipelines));
  }
  gone_.remove(request.name);
  ScheduledPipeline& pipeline = pipelines_[request.name];
  if (gone) pipeline = ScheduledPipeline{};
  pipeline.name = request.name;
  return pipeline;
}

// The version that is ready serves until the new one is.
void ScheduledPipelines::create(ScheduledPipeline& pipeline, const PipelineRequest& request,
                                Instant now) {
  const uint32_t number = pipeline.versions.empty() ? 1 : pipeline.latest().number + 1;
  pipeline.versions.emplace_back();
  if (pipeline.versions.size() > kMostVersions) pipeline.versions.pop_front();
  PipelineVersion& version = pipeline.latest();
  version.number = number;
  version.request = request;
  version.step = ++steps_;
  version.uid = fmt::format("{:020x}", version.step);
  version.models_ready = models_ready(request);
  set_state(pipeline, version, PipelineState::kCreate, {}, now);
  set_state(pipeline, version, PipelineState::kCreating, {}, now);
  agenda_.add(now + time_, [this, name = pipeline.name, step = version.step](Instant at) {
    created(name, step, at);
  });
}

void ScheduledPipelines::created(const std::string& name, uint64_t step, Instant at) {
  PipelineVersion* version = nullptr;
  ScheduledPipeline* const pipeline = find_step(name, step, version);
  if (pipeline == nullptr) return;
  set_state(*pipeline, *version, PipelineState::kReady, "created pipeline", at);
  if (version == &pipeline->latest()) {
    repository_.serve_pipeline(name, make_pipeline_model(version->request, repository_),
                               std::to_string(version->number));
  }
  for (PipelineVersion& older : pipeline->versions) {
    if (older.number < version->number && !older.ending()) terminate(*pipeline, older, at);
  }
}

void ScheduledPipelines::unload(std::string_view name, Instant now) {
  const auto found = pipelines_.find(name);
  if (found == pipelines_.end()) {
    throw SchedulerRefusal(fmt::format("there is no pipeline \"{}\" to unload", name));
  }
  ScheduledPipeline& pipeline = found->second;
  if (pipeline.deleted) {
    throw SchedulerRefusal(fmt::format(
        "pipeline {} {}", name,
        pipeline.latest().gone() ? "has been unloaded already" : "is being unloaded already"));
  }
  pipeline.deleted = true;
  repository_.end_pipeline(pipeline.name);
  for (PipelineVersion& version : pipeline.versions) {
    if (!version.ending()) terminate(pipeline, version, now);
  }
}

void ScheduledPipelines::terminate(ScheduledPipeline& pipeline, PipelineVersion& version,
                                   Instant now) {
  version.step = ++steps_;
  const char* reason = pipeline.deleted ? "pipeline removed" : "replaced by a later version";
  set_state(pipeline, version, PipelineState::kTerminate, reason, now);
  set_state(pipeline, version, PipelineState::kTerminating, reason, now);
  agenda_.add(now + time_, [this, name = pipeline.name, step = version.step](Instant at) {
    terminated(name, step, at);
  });
}

void ScheduledPipelines::terminated(const std::string& name, uint64_t step, Instant at) {
  PipelineVersion* version = nullptr;
  ScheduledPipeline* const pipeline = find_step(name, step, version);
  if (pipeline == nullptr) return;
  set_state(*pipeline, *version, PipelineState::kTerminated, "pipeline removed", at);
  if (!pipeline->deleted || version != &pipeline->latest()) return;
  if (const auto oldest = gone_.add(name)) pipelines_.erase(*oldest);
}

const ScheduledPipeline& ScheduledPipelines::get(std::string_view name) const {
  const auto found = pipelines_.find(name);
  if (found != pipelines_.end()) return found->second;
  throw SchedulerRefusal(fmt::format("there is no pipeline \"{}\"", name));
}

bool ScheduledPipelines::ready(std::string_view name) const {
  const auto found = pipelines_.find(name);
  return found != pipelines_.end() && found->second.ready();
}

void ScheduledPipelines::look_at_model(std::string_view name) {
  for (auto& [pipeline_name, pipeline] : pipelines_) {
    PipelineVersion& version = pipeline.latest();
    if (version.gone() || version.request.find(name) == nullptr) continue;
    const bool ready = models_ready(version.request);
    if (std::exchange(version.models_ready, ready) != ready) changed_(pipeline);
  }
}

bool ScheduledPipelines::models_ready(const PipelineRequest& request) const {
  return std::all_of(request.steps.begin(), request.steps.end(),
                     [&](const PipelineStep& step) { return models_.available(step.name); });
}

void ScheduledPipelines::set_state(ScheduledPipeline& pipeline, PipelineVersion& version,
                                   PipelineState state, const std::string& reason, Instant at) {
  version.state = state;
  version.reason = reason;
  version.changed_at = at;
  if (&version == &pipeline.latest()) changed_(pipeline);
}

// The pipeline and the version that was told to do this step, if it has not been told otherwise
// since.
ScheduledPipeline* ScheduledPipelines::find_step(const std::string& name, uint64_t step,
                                                 PipelineVersion*& version) {
  const auto found = pipelines_.find(name);
  if (found == pipelines_.end()) return nullptr;
  for (PipelineVersion& candidate : found->second.versions) {
    if (candidate.step != step) continue;
    version = &candidate;
    return &found->second;
  }
  return nullptr;
}

}  // namespace perigee
