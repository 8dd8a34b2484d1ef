// The scheduler that all workers share.
#pragma once

#include <mutex>
#include <optional>
#include <utility>

#include "target/scheduler/scheduler_state.h"

namespace perigee {

// Thread-safe: one thread at a time has the state.
class Scheduler {
 public:
  Scheduler(const SchedulerOptions& options, InferenceRepository& repository,
            SchedulerObserver& observer)
      : state_(options, repository, observer) {}

  // Calls `act` with the state as it is at `now`, and returns what it returns.
  template <typename Act>
  auto with(Instant now, Act&& act) {
    const std::lock_guard lock(mutex_);
    state_.advance(now);
    return std::forward<Act>(act)(state_);
  }
  // Does what is due at `now`, and tells when something is due next.
  std::optional<Instant> advance(Instant now) {
    return with(now, [](const SchedulerState& state) { return state.next(); });
  }

 private:
  std::mutex mutex_;
  SchedulerState state_;
};

}  // namespace perigee
