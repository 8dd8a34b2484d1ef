// One thread of a run: a loop, its VUs, its executors and its metric shard. Workers share nothing
// but counts; they post owned messages.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/execution/executor.h"
#include "engine/execution/run_plan.h"
#include "engine/execution/vu_deal.h"
#include "engine/execution/worker_meter.h"
#include "engine/metrics/snapshot.h"
#include "engine/output/sample_buffer.h"

namespace perigee {

// What a worker tells; called on its thread.
class WorkerReports {
 public:
  virtual ~WorkerReports() = default;
  // Its VUs are there, or why they are not.
  virtual void on_ready(uint32_t worker, const std::string& error) = 0;
  virtual void on_snapshot(Snapshot snapshot) = 0;
  // Every executor has finished; its samples have been told before.
  virtual void on_load_done(uint32_t worker, Instant at) = 0;
  virtual void on_lifecycle(LifecycleResult result) = 0;
  // A VU could not be made during the load.
  virtual void on_failure(const std::string& error) = 0;
};

// The calls come from the main thread and are carried out on the worker's own, in order.
class Worker final : public Peers {
 public:
  // Everything passed must outlive the worker. `raw_samples` may be null: no raw output then.
  Worker(uint32_t index, const RunPlan& plan, RunState& state, RunControl& control, Log& log,
         SampleQueue* raw_samples, WorkerReports& reports);
  ~Worker() override;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // The other workers of the run, itself included; before `prepare`.
  void meet(const std::vector<std::unique_ptr<Worker>>* workers) { workers_ = workers; }

  void prepare();
  void run_setup();
  void set_data(std::string data);
  void start_load(RunClock clock);
  void abort_load();
  // From `offset` of the scenario on; see Executor::change.
  void change(size_t scenario, const ScenarioChange& change, Duration offset);
  void pause(Instant at);
  void resume(Instant at);
  void run_teardown(std::string data);
  void interrupt_lifecycle(ScriptFailure failure);
  // Reports the last snapshot; the thread then ends, and the destructor joins it.
  void finish();
  // Waits for the thread's end. Whether a system call of it, such as looking up a name, goes on.
  bool leaves_something();

  void hand_over(size_t worker, size_t scenario, uint64_t n, Instant due) override;
  void announce_scheduled(size_t scenario) override;

 private:
  void run();
  void make_runs();
  void make_vus();
  void begin_load();
  void move_starts();
  void check_load_done();
  void flush(const std::function<void()>& done);
  Instant flush_limit() const;
  void measure();
  void report(bool last);
  void tick();
  void count_vus();
  void tear_down();

  const uint32_t index_;
  const RunPlan& plan_;
  RunState& state_;
  Log& log_;
  WorkerReports& reports_;
  const std::vector<std::unique_ptr<Worker>>* workers_ = nullptr;

  Loop loop_;
  std::unique_ptr<SampleBuffer> raw_samples_;
  MetricShard shard_;
  const VuDeal deal_;
  WorkerContext context_;
  WorkerMeter meter_;
  Timer tick_timer_;

  // Made and destroyed on the worker's thread.
  std::unique_ptr<UserFactory> factory_;
  std::unique_ptr<VuPool> pool_;
  std::vector<std::unique_ptr<ScenarioRun>> runs_;
  std::vector<std::unique_ptr<IterationMetrics>> metrics_;
  std::vector<std::unique_ptr<Executor>> executors_;
  bool loading_ = false;
  bool aborted_ = false;
  Instant reported_{};
  int64_t vus_active_ = 0;
  int64_t vus_looping_ = 0;
  int64_t vus_initialized_ = 0;

  std::thread thread_;  // last: it uses everything above
};

}  // namespace perigee
