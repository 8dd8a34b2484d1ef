#include "target/scheduler/scheduler_state.h"

namespace perigee {

SchedulerState::SchedulerState(const SchedulerOptions& options, InferenceRepository& repository,
                               SchedulerObserver& observer)
    : servers_(options),
      models_(options, agenda_, servers_, repository,
              [&observer](const ScheduledModel& model) { observer.on_model(model); }) {}

void SchedulerState::load_model(const ModelRequest& request, Instant now) {
  advance(now);
  models_.load(request, now);
  advance(now);
}

void SchedulerState::unload_model(std::string_view name, Instant now) {
  advance(now);
  models_.unload(name, now);
  advance(now);
}

}  // namespace perigee
