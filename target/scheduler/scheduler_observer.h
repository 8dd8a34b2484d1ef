// Hears of what changes in the scheduler.
#pragma once

#include "target/scheduler/scheduled_experiments.h"
#include "target/scheduler/scheduled_model.h"
#include "target/scheduler/scheduled_pipeline.h"
#include "target/scheduler/servers.h"

namespace perigee {

class SchedulerObserver {
 public:
  virtual ~SchedulerObserver() = default;

  // As it is now.
  virtual void on_model(const ScheduledModel& model) = 0;
  virtual void on_pipeline(const ScheduledPipeline& pipeline) = 0;
  virtual void on_experiment(const ScheduledExperiment& experiment) = 0;
  virtual void on_server(const Servers& servers, const ModelServer& server) = 0;
};

}  // namespace perigee
