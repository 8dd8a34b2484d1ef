// The experiments of the scheduler: active while all their candidates are there.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "target/inference_repository.h"
#include "target/scheduler/experiment_request.h"
#include "target/scheduler/gone_names.h"
#include "target/scheduler/scheduled_models.h"
#include "target/scheduler/scheduled_pipelines.h"

namespace perigee {

struct ScheduledExperiment {
  ExperimentRequest request;
  bool stopped = false;
  bool active = false;
  bool candidates_ready = false;
  bool mirror_ready = false;
  std::string description;

  bool operator==(const ScheduledExperiment& other) const {
    return stopped == other.stopped && active == other.active &&
           candidates_ready == other.candidates_ready && mirror_ready == other.mirror_ready &&
           description == other.description;
  }
};

class ScheduledExperiments {
 public:
  using Changed = std::function<void(const ScheduledExperiment& experiment)>;

  ScheduledExperiments(const ScheduledModels& models, const ScheduledPipelines& pipelines,
                       InferenceRepository& repository, Changed changed);

  // Throw SchedulerRefusal for what can't be.
  void start(const ExperimentRequest& request);
  void stop(std::string_view name);
  const ScheduledExperiment& get(std::string_view name) const;

  // Those that have been stopped included, as long as they are remembered.
  const std::map<std::string, ScheduledExperiment, std::less<>>& all() const {
    return experiments_;
  }
  // Models or pipelines may have become ready, or not be any more.
  void look();

 private:
  void check_default(const ExperimentRequest& request) const;
  void look_at(ScheduledExperiment& experiment);
  void judge(ScheduledExperiment& experiment) const;
  bool ready(const ExperimentRequest& request, std::string_view candidate) const;
  void split(const ExperimentRequest& request, bool active);

  const ScheduledModels& models_;
  const ScheduledPipelines& pipelines_;
  InferenceRepository& repository_;
  const Changed changed_;
  std::map<std::string, ScheduledExperiment, std::less<>> experiments_;
  GoneNames gone_;
};

}  // namespace perigee
