// Hears of what changes in the scheduler.
#pragma once

#include "target/scheduler/scheduled_model.h"

namespace perigee {

class SchedulerObserver {
 public:
  virtual ~SchedulerObserver() = default;

  // As it is now.
  virtual void on_model(const ScheduledModel& model) = 0;
};

}  // namespace perigee
