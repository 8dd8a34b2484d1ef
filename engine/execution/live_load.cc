#include "engine/execution/live_load.h"

#include <algorithm>

#include "engine/execution/worker.h"

namespace perigee {
namespace {

// A change of rate holds from this much after it is told, so that no worker has gone past it.
constexpr Duration kChangeLead = std::chrono::milliseconds(2);

}  // namespace

void LiveLoad::start(Instant start) {
  clock_ = RunClock(start);
  if (paused_) clock_.pause(start);
  for (const auto& worker : workers_)
    worker->start_load(clock_);
  for (size_t i = 0; i < changes_.size(); ++i)
    tell(i, changes_[i], Duration::zero());
}

void LiveLoad::change(size_t scenario, const ScenarioChange& change, Instant now) {
  changes_[scenario] = merge(changes_[scenario], change);
  if (!begun()) return;
  const Duration offset = clock_.elapsed(now) + kChangeLead - scenarios_[scenario].start_time;
  tell(scenario, change, std::max(Duration::zero(), offset));
}

void LiveLoad::tell(size_t scenario, const ScenarioChange& change, Duration offset) {
  if (!change.vus && !change.rate) return;
  for (const auto& worker : workers_)
    worker->change(scenario, change, offset);
}

void LiveLoad::pause(Instant now) {
  paused_ = true;
  if (!begun() || clock_.paused()) return;
  clock_.pause(now);
  for (const auto& worker : workers_)
    worker->pause(now);
}

void LiveLoad::resume(Instant now) {
  paused_ = false;
  if (!begun() || !clock_.paused()) return;
  clock_.resume(now);
  for (const auto& worker : workers_)
    worker->resume(now);
}

}  // namespace perigee
