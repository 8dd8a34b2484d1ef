// A whole run, from setup to the last sample: workers, life cycle, aggregation, thresholds,
// signals.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/log.h"
#include "engine/base/stall_watch.h"
#include "engine/execution/diagnosis.h"
#include "engine/execution/live_load.h"
#include "engine/execution/run_plan.h"
#include "engine/execution/run_status.h"
#include "engine/execution/scenario_status.h"
#include "engine/execution/worker.h"
#include "engine/loop/loop.h"
#include "engine/metrics/aggregator.h"
#include "engine/metrics/snapshot_recorder.h"
#include "engine/output/output_thread.h"

namespace perigee {

// Why a run ended, the first reason if there were several.
enum class RunEnd {
  kComplete,
  kInitFailed,  // a VU could not be made
  kSetupFailed,
  kSetupTimeout,
  kTeardownFailed,
  kTeardownTimeout,
  kThresholdAbort,  // a threshold with abortOnFail failed
  kScriptAbort,     // the script called abort()
  kSignal,
};

struct RunResult {
  RunEnd end = RunEnd::kComplete;
  std::string error;        // for kInitFailed, the failures of setup and teardown, and kScriptAbort
  double load_seconds = 0;  // of the load phase, which rates are per second of
  Duration total{};         // from before setup until after teardown
  std::string setup_data;
  bool leaves_something = false;  // what can't be stopped still runs: destroy nothing, _exit
  bool marked_failed = false;     // the script has called test.fail()
  std::vector<std::string> output_errors;
  std::vector<std::string> warnings;  // iterations failed, or the load generator was the limit
  Duration output_wait{};             // by which raw outputs have held workers up, over all of them
  uint64_t samples_dropped = 0;       // that raw outputs had no room for
};

// Lives on the main thread. `execute` may be called once.
class Run final : private WorkerReports, private RunControl {
 public:
  // `outputs` receive the raw samples; `observer` and `recorder` may be null.
  Run(const RunPlan& plan, ThresholdSet thresholds, Log& log,
      std::vector<std::unique_ptr<SampleOutput>> outputs, RunObserver* observer,
      SnapshotRecorder* recorder = nullptr);
  ~Run() override;
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  // Returns when everything has ended. The first SIGINT or SIGTERM meanwhile ends the load and lets
  // teardown and outputs finish, but for an output that takes nothing any more; the second ends the
  // process at once with exit code 105.
  RunResult execute();

  // Callable from every thread, also before the load, for its start. Throws ConfigError for what
  // can't be changed; what comes after the load's end does nothing.
  void change(const std::string& scenario, const ScenarioChange& change);
  // No iteration starts until `resume`, and the time of the load stands still; running iterations
  // go on.
  void pause();
  void resume();

  const Aggregator& aggregator() const { return aggregator_; }

 private:
  void on_ready(uint32_t worker, const std::string& error) override;
  void on_snapshot(Snapshot snapshot) override;
  void on_load_done(uint32_t worker, Instant at) override;
  void on_lifecycle(LifecycleResult result) override;
  void on_failure(const std::string& error) override;
  void abort_from_script(const std::string& message) override;
  void fail_from_script(const std::string& message) override;

  bool prepare();
  bool setup();
  void load();
  void teardown();
  void finish();
  void finish_outputs();
  void warn();
  void watch_outputs();
  LifecycleResult wait_for_lifecycle(Duration limit);
  template <typename Condition>
  void wait_until(Condition condition);

  void end(RunEnd reason, const std::string& error);
  void on_signal(int signal);
  void on_tick();
  void record_moment();
  void tell_overflow();
  void judge_thresholds();
  void judge_for_good();
  void tell_observer();
  LoadState load_state() const;
  RunStatus status() const;
  double load_seconds() const;
  RunCircumstances circumstances() const;

  const RunPlan& plan_;
  Log& log_;
  RunObserver* observer_;
  SnapshotRecorder* recorder_;
  RunState state_;
  Loop loop_;
  std::unique_ptr<SampleQueue> queue_;
  std::unique_ptr<SampleBuffer> main_samples_;  // those the aggregator makes itself
  std::unique_ptr<OutputThread> output_thread_;
  Aggregator aggregator_;
  Timer tick_timer_;
  Timer observer_timer_;
  Timer output_timer_;
  std::vector<std::unique_ptr<Worker>> workers_;
  LiveLoad live_;

  RunResult result_;
  RunPhase phase_ = RunPhase::kPreparing;
  uint32_t ready_ = 0;
  uint32_t load_done_ = 0;
  uint32_t finished_ = 0;
  std::optional<LifecycleResult> lifecycle_;
  Instant started_{};
  bool signalled_ = false;
  bool told_overflow_ = false;
  bool outputs_ended_ = false;
  bool outputs_given_up_ = false;
  StallWatch output_watch_;
  Instant load_ended_{};
  bool cut_short_ = false;           // the load, before its end
  CpuThrottling throttling_before_;  // the load
  CpuThrottling throttling_;         // during the load
};

}  // namespace perigee
