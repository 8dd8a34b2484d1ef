// Decides when the iterations of one scenario start, on one worker.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/execution/iteration_metrics.h"
#include "engine/execution/run_clock.h"
#include "engine/execution/scenario_change.h"
#include "engine/execution/scenario_progress.h"
#include "engine/execution/stripe.h"
#include "engine/execution/virtual_user.h"
#include "engine/execution/vu_pool.h"
#include "engine/loop/timer_queue.h"

namespace perigee {

// The executors of the same scenario on the other workers.
class Peers {
 public:
  virtual ~Peers() = default;
  // An arrival for which an idle VU of `worker` has been reserved.
  virtual void hand_over(size_t worker, size_t scenario, uint64_t n, Instant due) = 0;
  // No worker will hand anything over any more: every executor of the scenario hears of it.
  virtual void announce_scheduled(size_t scenario) = 0;
};

// What an executor works with; all of it outlives the executor.
struct ExecutorContext {
  const ScenarioRun& run;
  ScenarioProgress& progress;
  size_t worker;  // this one among the workers
  Stripe stripe;  // what it takes of the scenario
  TimerQueue& timers;
  const Clock& clock;
  VuPool& pool;
  IterationMetrics& metrics;
  Peers& peers;
  Log& log;
  Duration min_iteration_duration;  // a VU rests until that has passed
  std::function<void()> on_vus;     // VUs have been taken, and have not begun yet
  std::function<void()> on_done;    // all iterations have ended and none will start
  // A VU that the scenario needs could not be made; the run can't go on as planned.
  std::function<void(const std::string& error)> on_failure;
};

// Used on its worker's thread only. Needs no more than a clock and timers, so tests drive it by
// hand.
class Executor {
 public:
  explicit Executor(ExecutorContext context);
  virtual ~Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // The scenario starts at its startTime by this clock, which may be paused.
  void start(const RunClock& clock);
  // Nothing starts any more and what runs is cut off now: an abort.
  void abort();
  // No iteration starts while the clock is paused; running ones go on.
  void pause(Instant now);
  void resume(Instant now);

  // From `offset` on, or from the start if that is yet to come, the scenario is another; every
  // worker must be told the same. What the executor can't follow is ignored. Throws what making a
  // VU throws.
  virtual void change(const ScenarioChange& /*change*/, Duration /*offset*/) {}

  bool done() const { return phase_ == Phase::kDone; }
  // VUs at work, as the metric `vus` counts them: of arrivals those that run an iteration, of
  // closed models all that loop.
  virtual uint64_t active_vus() const = 0;

  // Arrivals of other workers; closed executors get none.
  virtual void take_over(uint64_t /*n*/, Instant /*due*/) {}
  virtual void on_scheduled() {}

 protected:
  enum class Phase { kWaiting, kRunning, kStopping, kDone };

  // The scenario's first instant has come.
  virtual void begin() = 0;
  // The regular end has come: what is due by now may still start.
  virtual void last_starts() {}
  // No iteration may start any more, perhaps none ever did; what must be counted as dropped is
  // counted here.
  virtual void end_of_starts() = 0;
  // Cuts off every iteration that runs.
  virtual void interrupt_all() = 0;
  // All iterations have ended: VUs that are still here go back to the pool.
  virtual void leave() {}
  // Whether an iteration runs or something is on its way here.
  virtual bool busy() const = 0;
  // The clock runs again: timers must be set anew. Not before `begin`.
  virtual void on_resume() {}

  // To be called whenever `busy` may have become false.
  void maybe_done();
  // The instant of an offset from the scenario's start.
  Instant at(Duration offset) const { return clock_.at(context_.run.scenario.start_time + offset); }
  Duration elapsed(Instant now) const {
    return clock_.elapsed(now) - context_.run.scenario.start_time;
  }
  bool starting() const { return phase_ == Phase::kRunning; }
  bool paused() const { return clock_.paused(); }
  bool may_start() const { return starting() && !paused() && !broken_; }
  // Whether the regular end has come, heard of or not.
  bool over(Instant now) const { return elapsed(now) >= context_.run.scenario.duration(); }
  // All iterations there will ever be have been started.
  void finish_early();
  // The run can't go on as planned. Nothing starts any more, and its end is on its way here.
  void fail(const std::string& error);
  bool broken() const { return broken_; }

  // When a VU may go on whose iteration has ended at `now`.
  Instant rested_at(Instant started, IterationResult result, Instant now) const;

  // Starts an iteration of the VU and counts it. False if the VU can't begin, and has told nobody
  // of an end: the run ends then.
  bool start_iteration(VirtualUser& vu, uint64_t number, IterationListener& listener);
  // Counts and samples for an iteration that has ended. The result is when that was: now.
  Instant record_end(const VirtualUser& vu, IterationResult result, Instant start,
                     std::optional<Instant> due);

  ExecutorContext context_;
  Phase phase_ = Phase::kWaiting;

 private:
  void set_timers();
  void on_begin();
  void on_regular_end();
  void on_grace_end();

  RunClock clock_;
  bool others_went_first_ = false;
  bool broken_ = false;
  Timer begin_timer_;
  Timer end_timer_;
  Timer grace_timer_;
};

// The executor that the scenario asks for.
std::unique_ptr<Executor> make_executor(ExecutorContext context);

}  // namespace perigee
