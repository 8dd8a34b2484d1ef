// A whole run on real threads with fake users, and what it told.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/execution/run.h"
#include "tests/support/fake_users.h"

namespace perigee {

// What an output got, by metric.
struct Rows {
  std::map<std::string, uint64_t> rows;
  std::map<std::string, double> sums;
  bool finished = false;
};

class RunRig {
 public:
  // The scenarios' iterations, setup and teardown are those of `script`.
  RunRig(std::vector<Scenario> scenarios, uint32_t workers, FakeScript script);

  // May be changed before `execute`.
  RunPlan plan;
  std::vector<ThresholdDefinition> thresholds;
  RunObserver* observer = nullptr;
  std::vector<std::unique_ptr<SampleOutput>> outputs;

  // Once.
  RunResult execute();

  // What the script was told, in the order in which it happened; from any thread.
  std::vector<std::string> events() const;
  void note(const std::string& event);
  // Of a counter.
  uint64_t count(const std::string& metric) const;
  // The run itself, from the first status on.
  Run& run() { return *run_; }
  const Aggregator& aggregator() const { return run_->aggregator(); }
  const std::vector<std::string>& logged() const { return logged_; }
  // A counting output of the run; `rows` must outlive the run.
  void add_output(Rows& rows);
  // What the script of a worker may use to end the run; valid in an iteration.
  RunControl& control();

 private:
  FakeScript script_;
  std::vector<std::string> logged_;
  Log log_;
  std::unique_ptr<Run> run_;
  mutable std::mutex mutex_;
  std::vector<std::string> events_;
  RunControl* control_ = nullptr;
};

}  // namespace perigee
