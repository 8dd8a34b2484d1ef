// A run that somebody steers while it goes on, on real threads.
#include "engine/execution/live_load.h"

#include <algorithm>
#include <atomic>
#include <functional>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/execution/executor_rig.h"
#include "tests/engine/execution/run_rig.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

// Does something at each status of a run.
class Watcher final : public RunObserver {
 public:
  explicit Watcher(std::function<void(const RunStatus&)> watch) : watch_(std::move(watch)) {}

  Duration interval() const override { return 5ms; }
  void on_status(const RunStatus& status) override { watch_(status); }

 private:
  std::function<void(const RunStatus&)> watch_;
};

Scenario arrivals(double rate, Duration duration) {
  return scenario("open",
                  ConstantArrivalRate{
                      .rate = rate, .duration = duration, .pre_allocated_vus = 8, .max_vus = 8});
}

bool loading(const RunStatus& status) {
  return status.phase == RunPhase::kLoad && !status.scenarios.empty();
}

TEST_CASE("VUs changed from another thread reach every worker, and the status tells of them") {
  RunRig* running = nullptr;
  std::atomic<bool> changed = false;
  RunRig rig({scenario("steady", ConstantVus{.vus = 1, .duration = 1h})}, 3,
             {.iteration = [&](const auto&, const auto&) {
               if (!changed.exchange(true)) running->run().change("steady", {.vus = 7, .rate = {}});
               return FakeIteration{.takes = 2ms};
             }});
  running = &rig;
  std::string detail;
  Watcher watcher([&](const RunStatus& status) {
    if (!loading(status) || status.vus_active != 7) return;
    detail = status.scenarios[0].detail;
    rig.control().abort_from_script("seen");
  });
  rig.observer = &watcher;
  CHECK(rig.execute().error == "seen");
  CHECK(detail == "7 VUs");
}

TEST_CASE("a rate changed from outside holds for the rest of the scenario on every worker") {
  RunRig rig({arrivals(1, 1s)}, 3, always({}));
  std::string detail;
  Watcher watcher([&](const RunStatus& status) {
    if (status.phase == RunPhase::kPreparing) rig.run().change("open", {.vus = {}, .rate = 300});
    if (loading(status)) detail = status.scenarios[0].detail;
  });
  rig.observer = &watcher;
  CHECK(rig.execute().end == RunEnd::kComplete);
  CHECK(rig.count("iterations") + rig.count("dropped_iterations") == 300);
  CHECK(detail == "0/8 VUs, 300.00 iters/s");
}

TEST_CASE("no iteration starts in a pause, and its time is not the load's") {
  std::atomic<uint64_t> started = 0;
  RunRig rig({arrivals(200, 500ms)}, 2, {.iteration = [&](const auto&, const auto&) {
               ++started;
               return FakeIteration{};
             }});
  uint64_t before = 0;
  int quiet = 0;
  Duration stood{};
  bool time_stood = true;
  Watcher watcher([&](const RunStatus& status) {
    if (!loading(status)) return;
    if (!status.paused && quiet == 0 && started >= 20) return rig.run().pause();
    if (!status.paused) return;
    // The workers hear of it a little later than the status tells it.
    quiet = started == before ? quiet + 1 : 0;
    before = started;
    time_stood = time_stood && (stood == Duration{} || stood == status.elapsed);
    stood = status.elapsed;
    if (quiet == 20) rig.run().resume();
  });
  rig.observer = &watcher;
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kComplete);
  CHECK(quiet == 20);
  CHECK(time_stood);
  CHECK(rig.count("iterations") + rig.count("dropped_iterations") == 100);
  CHECK(to_seconds(result.total) - result.load_seconds >= 0.05);
}

TEST_CASE("a run that is paused before its load begins with the resume") {
  RunRig rig({arrivals(1000, 100ms)}, 2, always({}));
  int paused = 0;
  uint64_t completed = 0;
  Watcher watcher([&](const RunStatus& status) {
    if (status.phase == RunPhase::kPreparing) rig.run().pause();
    if (!loading(status) || !status.paused || ++paused < 5) return;
    completed = status.completed;
    rig.run().resume();
  });
  rig.observer = &watcher;
  CHECK(rig.execute().end == RunEnd::kComplete);
  CHECK(completed == 0);
  CHECK(rig.count("iterations") + rig.count("dropped_iterations") == 100);
}

TEST_CASE("a paused run can be aborted") {
  RunRig rig({arrivals(100, 1h), scenario("steady", ConstantVus{.vus = 2, .duration = 1h})}, 2,
             always({.takes = 1ms}));
  Watcher watcher([&](const RunStatus& status) {
    if (!loading(status)) return;
    status.paused ? rig.control().abort_from_script("enough") : rig.run().pause();
  });
  rig.observer = &watcher;
  CHECK(rig.execute().end == RunEnd::kScriptAbort);
}

TEST_CASE("what can't be changed is refused at once") {
  std::vector<Scenario> scenarios{arrivals(1, 1s),
                                  scenario("steady", ConstantVus{.vus = 1, .duration = 1s}),
                                  scenario("share", SharedIterations{.vus = 1, .iterations = 1})};
  scenarios[0].executor = "constant-arrival-rate";
  scenarios[1].executor = "constant-vus";
  scenarios[2].executor = "shared-iterations";
  const auto change = [&](const std::string& name, const ScenarioChange& wanted) {
    find_changeable(scenarios, name, wanted);
  };
  CHECK(find_changeable(scenarios, "steady", {.vus = 0, .rate = {}}) == 1);
  CHECK_THROWS_WITH_AS(change("stedy", {.vus = 1, .rate = {}}),
                       "there is no scenario \"stedy\" (did you mean \"steady\"?)", ConfigError);
  CHECK_THROWS_WITH_AS(change("share", {.vus = 1, .rate = {}}),
                       "the VUs of scenario share can't be changed: its executor is "
                       "shared-iterations; those of constant-vus and ramping-vus can",
                       ConfigError);
  CHECK_THROWS_WITH_AS(change("steady", {.vus = {}, .rate = 1}),
                       "scenario steady has no rate to change: its executor is constant-vus",
                       ConfigError);
  CHECK_THROWS_WITH_AS(change("steady", {.vus = -1, .rate = {}}),
                       "scenario steady: there can't be -1 VUs", ConfigError);
  CHECK_THROWS_WITH_AS(change("open", {.vus = {}, .rate = -2}),
                       "scenario open: the rate can't be -2", ConfigError);
}

TEST_CASE("a segment takes its share of VUs that are changed") {
  Scenario part = scenario("steady", ConstantVus{.vus = 1, .duration = 1s});
  part.share = SegmentShare({1, 3}, 1);
  ExecutorRig rig({part}, 2, always({.takes = 10ms}));
  rig.start();
  rig.advance(100ms);
  rig.change({.vus = 40, .rate = {}});
  CHECK(rig.active_vus("steady") == 30);
}

}  // namespace
}  // namespace perigee
