// All that the scheduler knows, and what happens to it as time comes.
#pragma once

#include <optional>
#include <string_view>

#include "target/scheduler/agenda.h"
#include "target/scheduler/scheduled_experiments.h"
#include "target/scheduler/scheduled_models.h"
#include "target/scheduler/scheduled_pipelines.h"
#include "target/scheduler/scheduler_observer.h"
#include "target/scheduler/servers.h"

namespace perigee {

// Of one thread; Scheduler shares it. Every call does first what was due before it.
class SchedulerState {
 public:
  SchedulerState(const SchedulerOptions& options, InferenceRepository& repository,
                 SchedulerObserver& observer);
  SchedulerState(const SchedulerState&) = delete;
  SchedulerState& operator=(const SchedulerState&) = delete;
  ~SchedulerState() = default;

  // Throw SchedulerRefusal for what can't be.
  void load_model(const ModelRequest& request, Instant now);
  void unload_model(std::string_view name, Instant now);
  void load_pipeline(const PipelineRequest& request, Instant now);
  void unload_pipeline(std::string_view name, Instant now);
  void start_experiment(const ExperimentRequest& request);
  void stop_experiment(std::string_view name);
  // Of a server that there is not, nothing is noted.
  void expect_replicas(std::string_view server, uint32_t replicas);

  const ScheduledModels& models() const { return models_; }
  const ScheduledPipelines& pipelines() const { return pipelines_; }
  const ScheduledExperiments& experiments() const { return experiments_; }
  const Servers& servers() const { return servers_; }

  // Does what is due.
  void advance(Instant now) { agenda_.run(now); }
  // When something is due next.
  std::optional<Instant> next() const { return agenda_.next(); }

 private:
  void model_changed(const ScheduledModel& model);
  void pipeline_changed(const ScheduledPipeline& pipeline);

  SchedulerObserver& observer_;
  Agenda agenda_;
  Servers servers_;
  ScheduledModels models_;
  ScheduledPipelines pipelines_;
  ScheduledExperiments experiments_;
};

}  // namespace perigee
