#include "target/scheduler/scheduled_experiments.h"

#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "target/scheduler/scheduler_refusal.h"

namespace perigee {
namespace {

constexpr size_t kMostExperiments = 100'000;
constexpr size_t kMostGone = 1000;

}  // namespace

ScheduledExperiments::ScheduledExperiments(const ScheduledModels& models,
                                           const ScheduledPipelines& pipelines,
                                           InferenceRepository& repository, Changed changed)
    : models_(models),
      pipelines_(pipelines),
      repository_(repository),
      changed_(std::move(changed)),
      gone_(kMostGone) {}

// One of the same name takes its place.
void ScheduledExperiments::start(const ExperimentRequest& request) {
  check_experiment(request);
  check_default(request);
  const auto found = experiments_.find(request.name);
  if (found == experiments_.end() && experiments_.size() >= kMostExperiments) {
    throw SchedulerRefusal(fmt::format("there are {} experiments, which is as many as there may be",
                                       kMostExperiments));
  }
  if (found != experiments_.end() && found->second.active) split(found->second.request, false);
  gone_.remove(request.name);
  ScheduledExperiment& experiment = experiments_[request.name];
  experiment = ScheduledExperiment{};
  experiment.request = request;
  judge(experiment);
  if (experiment.active) split(request, true);
  changed_(experiment);
}

void ScheduledExperiments::stop(std::string_view name) {
  const auto found = experiments_.find(name);
  if (found == experiments_.end()) {
    throw SchedulerRefusal(fmt::format("there is no experiment \"{}\" to stop", name));
  }
  ScheduledExperiment& experiment = found->second;
  if (std::exchange(experiment.stopped, true)) return;
  look_at(experiment);
  if (const auto oldest = gone_.add(experiment.request.name)) experiments_.erase(*oldest);
}

const ScheduledExperiment& ScheduledExperiments::get(std::string_view name) const {
  const auto found = experiments_.find(name);
  if (found != experiments_.end()) return found->second;
  throw SchedulerRefusal(fmt::format("there is no experiment \"{}\"", name));
}

void ScheduledExperiments::look() {
  for (auto& [name, experiment] : experiments_) {
    if (!experiment.stopped) look_at(experiment);
  }
}

// The traffic of a model is split by one experiment at most.
void ScheduledExperiments::check_default(const ExperimentRequest& request) const {
  if (request.default_candidate.empty()) return;
  for (const auto& [name, other] : experiments_) {
    const bool same = other.request.default_candidate == request.default_candidate &&
                      other.request.of_pipelines == request.of_pipelines;
    if (!same || other.stopped || name == request.name) continue;
    throw SchedulerRefusal(
        fmt::format("{} is the default of experiment {} already", request.default_candidate, name));
  }
}

void ScheduledExperiments::look_at(ScheduledExperiment& experiment) {
  const ScheduledExperiment before = experiment;
  judge(experiment);
  if (experiment.active != before.active) split(experiment.request, experiment.active);
  if (!(experiment == before)) changed_(experiment);
}

void ScheduledExperiments::judge(ScheduledExperiment& experiment) const {
  const ExperimentRequest& request = experiment.request;
  std::vector<std::string_view> missing;
  for (const TrafficSplit::Part& candidate : request.candidates) {
    if (!ready(request, candidate.name)) missing.push_back(candidate.name);
  }
  experiment.candidates_ready = missing.empty();
  experiment.mirror_ready = !request.mirror || ready(request, *request.mirror);
  if (!experiment.mirror_ready) missing.push_back(*request.mirror);
  experiment.active = !experiment.stopped && missing.empty();
  if (experiment.stopped) {
    experiment.description = "experiment stopped";
  } else {
    experiment.description = missing.empty()
                                 ? "experiment active"
                                 : fmt::format("not ready: {}", fmt::join(missing, ", "));
  }
}

bool ScheduledExperiments::ready(const ExperimentRequest& request,
                                 std::string_view candidate) const {
  return request.of_pipelines ? pipelines_.ready(candidate) : models_.available(candidate);
}

void ScheduledExperiments::split(const ExperimentRequest& request, bool active) {
  const auto served_as = [&](const std::string& candidate) {
    return request.of_pipelines ? candidate + ".pipeline" : candidate;
  };
  std::shared_ptr<const TrafficSplit> split;
  if (active) {
    std::vector<TrafficSplit::Part> parts;
    parts.reserve(request.candidates.size());
    for (const TrafficSplit::Part& candidate : request.candidates)
      parts.push_back({served_as(candidate.name), candidate.weight});
    split = std::make_shared<const TrafficSplit>(std::move(parts));
  }
  repository_.split(request.name + ".experiment", split);
  if (!request.default_candidate.empty()) {
    repository_.split(served_as(request.default_candidate), split);
  }
}

}  // namespace perigee
