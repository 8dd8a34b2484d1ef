#include "engine/execution/run_plan.h"

namespace perigee {

uint64_t RunState::iterations_completed() const {
  uint64_t sum = 0;
  for (const ScenarioProgress& scenario : progress)
    sum += scenario.completed.load();
  return sum;
}

uint64_t RunState::iterations_interrupted() const {
  uint64_t sum = 0;
  for (const ScenarioProgress& scenario : progress)
    sum += scenario.interrupted.load();
  return sum;
}

int64_t RunState::vus_active() const {
  int64_t sum = vus_looping.load();
  for (const ScenarioProgress& scenario : progress) {
    if (scenario.is_open) sum += scenario.active.load();
  }
  return sum;
}

TagSet run_tags(const Options& options) {
  TagSet tags;
  for (const auto& [key, value] : options.tags)
    tags.set(key, value);
  return tags;
}

}  // namespace perigee
