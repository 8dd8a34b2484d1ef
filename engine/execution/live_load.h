// The load as the main thread steers it: its clock, and what has been changed since it was planned.
#pragma once

#include <memory>
#include <vector>

#include "engine/execution/run_clock.h"
#include "engine/execution/scenario_change.h"

namespace perigee {

class Worker;

// Every worker is told every change with the same instant, so their plans stay one plan. What comes
// before the load holds from its start. Both arguments must outlive it.
class LiveLoad {
 public:
  LiveLoad(const std::vector<Scenario>& scenarios,
           const std::vector<std::unique_ptr<Worker>>& workers)
      : scenarios_(scenarios), workers_(workers), changes_(scenarios.size()) {}

  // The load starts at `start`, a little after now; a paused one at once stands still.
  void start(Instant start);
  void change(size_t scenario, const ScenarioChange& change, Instant now);
  // Twice is as good as once.
  void pause(Instant now);
  void resume(Instant now);

  bool begun() const { return clock_.begun(); }
  bool paused() const { return paused_; }
  // Not before it has begun.
  const RunClock& clock() const { return clock_; }
  const ScenarioChange& change_of(size_t scenario) const { return changes_[scenario]; }

 private:
  void tell(size_t scenario, const ScenarioChange& change, Duration offset);

  const std::vector<Scenario>& scenarios_;
  const std::vector<std::unique_ptr<Worker>>& workers_;
  std::vector<ScenarioChange> changes_;
  RunClock clock_;
  bool paused_ = false;
};

}  // namespace perigee
