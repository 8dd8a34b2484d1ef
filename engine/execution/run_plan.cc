#include "engine/execution/run_plan.h"

#include <algorithm>

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

TagSet run_tags(const Options& options) {
  TagSet tags;
  for (const auto& [key, value] : options.tags)
    tags.set(key, value);
  return tags;
}

uint64_t planned_vus(const Options& options, Stripe stripe) {
  uint64_t most = 0;
  // The need can only rise when a scenario starts.
  for (const Scenario& rising : options.scenarios) {
    uint64_t need = 0;
    for (const Scenario& other : options.scenarios) {
      const Duration end = other.start_time + other.duration() + other.graceful_stop;
      const bool overlaps = other.start_time <= rising.start_time && rising.start_time < end;
      if (overlaps) need += stripe.share(static_cast<uint64_t>(other.planned_vus()));
    }
    most = std::max(most, need);
  }
  return most;
}

}  // namespace perigee
