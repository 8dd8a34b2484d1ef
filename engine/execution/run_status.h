// How far a run is, for the people and programs that watch it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/clock.h"

namespace perigee {

enum class RunPhase { kPreparing, kSetup, kLoad, kTeardown, kFinished };

struct ScenarioStatus {
  std::string name;
  std::string detail;  // "5 VUs", "12/40 VUs, 200.00 iters/s", "345/1000 shared iters"
  Duration elapsed{};
  Duration duration{};
  double fraction = 0;  // 0 to 1
  bool started = false;
  bool done = false;
  bool failed = false;  // cut short by the run's end, or every iteration ended with an error
};

struct RunStatus {
  RunPhase phase = RunPhase::kPreparing;
  bool paused = false;  // no iteration starts and the time of the load stands still
  Duration elapsed{};   // of the load; of the whole run before it
  int64_t vus_active = 0;
  int64_t vus_initialized = 0;
  uint64_t completed = 0;
  uint64_t interrupted = 0;
  std::vector<ScenarioStatus> scenarios;
};

// Hears of a run on the main thread.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  // How often `on_status` is wanted while the run goes on.
  virtual Duration interval() const = 0;
  // The last status has the phase kFinished, and comes once.
  virtual void on_status(const RunStatus& status) = 0;
};

}  // namespace perigee
