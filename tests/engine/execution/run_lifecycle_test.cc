#include <algorithm>
#include <csignal>
#include <mutex>
#include <set>
#include <thread>

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/engine/execution/executor_rig.h"
#include "tests/engine/execution/run_rig.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

std::vector<Scenario> some_load() {
  return {scenario("share", SharedIterations{.vus = 4, .iterations = 40})};
}

// Two workers, with setup and teardown.
class LifecycleRig : public RunRig {
 public:
  explicit LifecycleRig(FakeScript script) : RunRig(some_load(), 2, std::move(script)) {
    plan.has_setup = plan.has_teardown = true;
  }
};

TEST_CASE("setup runs once, its data reaches every worker before the load, teardown gets it last") {
  std::mutex mutex;
  std::set<std::thread::id> informed;
  bool in_time = true;
  FakeScript script{.iteration = [&](const VirtualUser&, const Iteration&) {
    const std::lock_guard lock(mutex);
    in_time = in_time && informed.count(std::this_thread::get_id()) == 1;
    return FakeIteration{.takes = 1ms};
  }};
  script.tell = [&](const std::string& event) {
    const std::lock_guard lock(mutex);
    if (event == R"(data {"n":1})") informed.insert(std::this_thread::get_id());
  };
  script.setup.result.data = R"({"n":1})";
  LifecycleRig rig(script);
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kComplete);
  CHECK(result.setup_data == R"({"n":1})");
  CHECK(in_time);
  const auto events = rig.events();
  REQUIRE(events.size() == 4);
  CHECK(events[0] == "setup");
  CHECK(events[1] == R"(data {"n":1})");
  CHECK(events[2] == R"(data {"n":1})");
  CHECK(events[3] == R"(teardown {"n":1})");
}

TEST_CASE("setup and teardown may take their time") {
  FakeScript script = always({});
  script.setup = {20ms, {ScriptFailure::kNone, "", "7"}};
  script.teardown = {20ms, {}};
  LifecycleRig rig(script);
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kComplete);
  CHECK(result.setup_data == "7");
  CHECK(rig.count("iterations") == 40);
  CHECK(result.total >= 40ms);
}

TEST_CASE("noSetup and noTeardown leave them out") {
  LifecycleRig rig(always({}));
  rig.plan.options.no_setup = rig.plan.options.no_teardown = true;
  CHECK(rig.execute().end == RunEnd::kComplete);
  CHECK(rig.events().empty());
  CHECK(rig.count("iterations") == 40);
}

TEST_CASE("an error in setup ends the run before the load, without teardown") {
  FakeScript script = always({});
  script.setup.result = {ScriptFailure::kError, "script.lua:5: no models", ""};
  LifecycleRig rig(script);
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kSetupFailed);
  CHECK(result.error == "script.lua:5: no models");
  CHECK(result.load_seconds == 0);
  CHECK(rig.events() == std::vector<std::string>{"setup"});
  CHECK(rig.count("iterations") == 0);
}

TEST_CASE("a setup that takes longer than setupTimeout is cut off") {
  FakeScript script = always({});
  script.setup.takes = kForEver;
  LifecycleRig rig(script);
  rig.plan.options.setup_timeout = 30ms;
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kSetupTimeout);
  CHECK(result.error == "setup() took longer than 30ms (option setupTimeout)");
  CHECK(rig.events() == std::vector<std::string>{"setup"});
}

TEST_CASE("an error in teardown comes after a whole load") {
  FakeScript script = always({});
  script.teardown.result = {ScriptFailure::kError, "script.lua:9: still loaded", ""};
  LifecycleRig rig(script);
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kTeardownFailed);
  CHECK(result.error == "script.lua:9: still loaded");
  CHECK(rig.count("iterations") == 40);
}

TEST_CASE("what teardown measures is counted") {
  MetricId unloaded = 0;
  MetricShard* shard = nullptr;
  FakeScript script = always({});
  script.tell = [&](const std::string& event) {
    if (event == "teardown ") shard->add(shard->series(unloaded, 0), 3, Instant{});
  };
  LifecycleRig rig(script);
  unloaded = rig.plan.registry.add("unloaded", MetricKind::kCounter);
  rig.plan.make_factory = [&, make = rig.plan.make_factory](WorkerContext& context) {
    if (context.index == 0) shard = &context.shard;
    return make(context);
  };
  rig.execute();
  CHECK(rig.count("unloaded") == 3);
}

TEST_CASE("a teardown that takes longer than teardownTimeout is cut off") {
  FakeScript script = always({});
  script.teardown.takes = kForEver;
  LifecycleRig rig(script);
  rig.plan.options.teardown_timeout = 30ms;
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kTeardownTimeout);
  CHECK(result.error == "teardown() took longer than 30ms (option teardownTimeout)");
  CHECK(rig.count("iterations") == 40);
}

TEST_CASE("the first reason counts, and what goes wrong afterwards is logged") {
  RunRig* running = nullptr;
  FakeScript script{.iteration = [&](const VirtualUser&, const Iteration&) {
    running->control().abort_from_script("enough");
    return FakeIteration{.takes = kForEver};
  }};
  script.teardown.result = {ScriptFailure::kError, "script.lua:9: still loaded", ""};
  LifecycleRig rig(script);
  running = &rig;
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kScriptAbort);
  CHECK(result.error == "enough");
  CHECK(std::any_of(rig.logged().begin(), rig.logged().end(), [](const std::string& line) {
    return line.find("script.lua:9: still loaded") != std::string::npos;
  }));
}

// Tells of the run's phases, and acts at the first sight of one.
class PhaseWatcher final : public RunObserver {
 public:
  Duration interval() const override { return 1ms; }
  void on_status(const RunStatus& status) override {
    if (phases.empty() || phases.back() != status.phase) {
      phases.push_back(status.phase);
      if (status.phase == act_at) act();
    }
    last = status;
    ok = ok && status.elapsed >= Duration::zero() && status.elapsed < 1min;
  }

  std::vector<RunPhase> phases;
  RunStatus last;
  bool ok = true;
  RunPhase act_at = RunPhase::kFinished;
  std::function<void()> act = [] {};
};

TEST_CASE("an observer sees the phases in order, and the end last") {
  FakeScript script = always({.takes = 5ms});
  script.setup.takes = script.teardown.takes = 30ms;
  LifecycleRig rig(script);
  PhaseWatcher watcher;
  rig.observer = &watcher;
  rig.execute();
  CHECK(watcher.phases == std::vector{RunPhase::kPreparing, RunPhase::kSetup, RunPhase::kLoad,
                                      RunPhase::kTeardown, RunPhase::kFinished});
  CHECK(watcher.ok);
  CHECK(watcher.last.completed == 40);
  CHECK(watcher.last.interrupted == 0);
  REQUIRE(watcher.last.scenarios.size() == 1);
  CHECK(watcher.last.scenarios[0].name == "share");
  CHECK(watcher.last.scenarios[0].detail == "40/40 shared iters");
  CHECK(watcher.last.scenarios[0].fraction == 1);
  CHECK(watcher.last.scenarios[0].done);
}

TEST_CASE("a signal in setup cuts it off; neither load nor teardown follows") {
  FakeScript script = always({});
  script.setup.takes = kForEver;
  LifecycleRig rig(script);
  PhaseWatcher watcher;
  watcher.act_at = RunPhase::kSetup;
  watcher.act = [] { std::raise(SIGINT); };
  rig.observer = &watcher;
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kSignal);
  CHECK(rig.events() == std::vector<std::string>{"setup"});
  CHECK(watcher.ok);
  CHECK(watcher.last.phase == RunPhase::kFinished);
  CHECK(watcher.last.scenarios.empty());
}

TEST_CASE("a signal in teardown lets it finish") {
  FakeScript script = always({});
  script.teardown.takes = 50ms;
  LifecycleRig rig(script);
  PhaseWatcher watcher;
  watcher.act_at = RunPhase::kTeardown;
  watcher.act = [] { std::raise(SIGTERM); };
  rig.observer = &watcher;
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kSignal);
  CHECK(rig.count("iterations") == 40);
  CHECK(result.total >= 50ms);
}

TEST_CASE("a script's abort in teardown cuts it off") {
  FakeScript script = always({});
  script.teardown.takes = kForEver;
  LifecycleRig rig(script);
  PhaseWatcher watcher;
  watcher.act_at = RunPhase::kTeardown;
  watcher.act = [&] { rig.control().abort_from_script("enough"); };
  rig.observer = &watcher;
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kScriptAbort);
  CHECK(result.error == "enough");
  CHECK(rig.count("iterations") == 40);
}

// Runs until its teardown, which hangs, and gets two signals there.
[[noreturn]] void run_with_two_signals() {
  RunRig* running = nullptr;
  FakeScript script{.iteration = [&](const VirtualUser&, const Iteration&) {
    running->control().abort_from_script("enough");
    return FakeIteration{.takes = kForEver};
  }};
  script.teardown.takes = kForEver;
  LifecycleRig rig(script);
  running = &rig;
  PhaseWatcher watcher;
  watcher.act_at = RunPhase::kTeardown;
  watcher.act = [] {
    std::raise(SIGINT);
    std::raise(SIGTERM);
  };
  rig.observer = &watcher;
  rig.execute();
  _exit(0);
}

TEST_CASE("a second signal ends the process at once with exit code 105, whatever ended the load") {
  const pid_t child = fork();
  if (child == 0) run_with_two_signals();
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 105);
}

}  // namespace
}  // namespace perigee
