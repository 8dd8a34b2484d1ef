// What is decided before a run starts, and the counts its workers share while it runs.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/base/rate_limit.h"
#include "engine/execution/options.h"
#include "engine/execution/run_clock.h"
#include "engine/execution/scenario_progress.h"
#include "engine/execution/virtual_user.h"
#include "engine/loop/loop.h"
#include "engine/metrics/registry.h"
#include "engine/metrics/shard.h"
#include "engine/output/sample_queue.h"

namespace perigee {

// Counts that any thread may read at any time.
struct RunState {
  RunState(size_t scenarios, size_t workers, int64_t requests_per_second = 0)
      : request_rate(requests_per_second) {
    for (size_t i = 0; i < scenarios; ++i)
      progress.emplace_back(workers);
  }

  uint64_t iterations_completed() const;
  uint64_t iterations_interrupted() const;

  // VUs at work: of open models those that run an iteration, of closed ones those that loop.
  int64_t vus_active() const;

  std::deque<ScenarioProgress> progress;  // one per scenario
  RateLimit request_rate;                 // of HTTP requests
  std::atomic<int64_t> vus_looping{0};    // of closed models
  std::atomic<int64_t> vus_initialized{0};
  std::atomic<uint64_t> unplanned_vus{0};  // made so far, for their numbers
  // The log has said that VUs wait because their requests reach no server.
  std::atomic<bool> refusals_reported{false};
};

// What a script may do to the run it is part of. Thread-safe.
class RunControl {
 public:
  virtual ~RunControl() = default;
  // Ends the run.
  virtual void abort_from_script(const std::string& message) = 0;
  // The run goes on and counts as failed in the end.
  virtual void fail_from_script(const std::string& message) = 0;
};

// A worker as the things on it see it. Everything in it belongs to the worker's thread, but for the
// state and the control.
struct WorkerContext {
  uint32_t index;
  uint32_t count;
  Loop& loop;
  MetricShard& shard;
  const MetricRegistry& registry;
  const BuiltinMetrics& builtins;
  const Options& options;
  TagSet run_tags;
  Log& log;
  RunState& state;
  RunControl& control;
  RunClock load_clock{};  // not begun before the load
};

// Immutable once the run has started.
struct RunPlan {
  Options options;
  MetricRegistry registry;
  BuiltinMetrics builtins{};
  uint32_t workers = 1;
  QueueOverflow output_overflow = QueueOverflow::kWait;
  bool has_setup = false;
  bool has_teardown = false;
  // Called once on each worker's thread, on all of them at the same time.
  std::function<std::unique_ptr<UserFactory>(WorkerContext&)> make_factory;
};

// The tags that every sample of the run has.
TagSet run_tags(const Options& options);

}  // namespace perigee
