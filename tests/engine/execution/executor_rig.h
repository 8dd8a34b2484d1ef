// Scenarios on a few workers, whose threads are those of one fake clock.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "engine/execution/executor.h"
#include "engine/execution/run_plan.h"
#include "engine/execution/vu_deal.h"
#include "engine/metrics/aggregator.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_users.h"

namespace perigee {

// A scenario that runs the function "default", with names as the readers give them.
Scenario scenario(std::string name, ExecutorConfig config);

// What the samples say.
struct Totals {
  uint64_t completed = 0;  // failed ones included
  uint64_t failed = 0;
  uint64_t interrupted = 0;
  uint64_t dropped = 0;

  uint64_t ended() const { return completed + interrupted; }
};

// An iteration as it started.
struct Start {
  std::string scenario;
  uint64_t number = 0;
  uint64_t vu = 0;
  Duration at{};  // since the load began
};

class ExecutorRig final : private Peers {
 public:
  ExecutorRig(std::vector<Scenario> scenarios, uint32_t workers, const FakeScript& script);
  ~ExecutorRig() override;
  ExecutorRig(const ExecutorRig&) = delete;
  ExecutorRig& operator=(const ExecutorRig&) = delete;

  // The load begins now.
  void start();
  void advance(Duration by) { clock.advance(by); }
  void abort();
  void abort_worker(uint32_t worker);
  void pause();
  void resume();
  // On all workers.
  void change(const ScenarioChange& change, Duration offset = {}, size_t scenario = 0);

  // Whether all executors have ended, and how often they have said so.
  bool done() const;
  int told_done() const { return told_done_; }
  // When the last of them did, since the load began.
  Duration ended_at() const { return ended_at_; }
  uint64_t active_vus(const std::string& scenario) const;
  Executor& executor(size_t worker, size_t scenario);

  Totals totals();
  Totals totals(const std::string& scenario);
  // The distribution of a metric of time.
  Histogram trend(MetricId metric);
  const BuiltinMetrics& metrics() const { return builtins_; }
  uint64_t vus_made() const { return made.size(); }
  const ScenarioProgress& progress(size_t scenario) const { return state_.progress[scenario]; }

  FakeClock clock;
  std::vector<Start> starts;
  std::vector<uint64_t> made;         // ids of VUs, in the order in which they were made
  std::vector<std::string> logged;    // lines
  std::vector<std::string> failures;  // why the run could not go on as planned
  Duration min_iteration_duration{};  // before `start`
  Duration message_delay{};           // how long a message to another worker is on its way

 private:
  struct RigWorker;
  struct Message;

  void hand_over(size_t worker, size_t scenario, uint64_t n, Instant due) override;
  void announce_scheduled(size_t scenario) override;
  void post(size_t worker, std::function<void()> task);
  void add_worker(uint32_t index, uint32_t count);
  void collect();
  double sum(MetricId metric, const std::string& scenario);

  std::vector<Scenario> scenarios_;
  VuDeal deal_;
  FakeScript script_;
  MetricRegistry registry_;
  BuiltinMetrics builtins_;
  RunState state_;
  Log log_;
  Aggregator aggregator_;
  std::vector<std::unique_ptr<RigWorker>> workers_;
  std::deque<std::unique_ptr<Message>> messages_;
  Instant started_{};
  Duration ended_at_{};
  int told_done_ = 0;
};

}  // namespace perigee
