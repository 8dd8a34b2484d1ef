#include "engine/execution/run.h"

#include <algorithm>
#include <atomic>
#include <csignal>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/execution/executor_rig.h"
#include "tests/engine/execution/run_rig.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

Scenario shared(int64_t vus, int64_t iterations) {
  return scenario("share", SharedIterations{.vus = vus, .iterations = iterations});
}

Scenario steady(int64_t vus, Duration duration) {
  return scenario("steady", ConstantVus{.vus = vus, .duration = duration});
}

Scenario endless(int64_t vus) {
  return steady(vus, 1h);
}

TEST_CASE("a run ends when its scenarios do, with every iteration counted") {
  RunRig rig({shared(8, 5000)}, 2, always({}));
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kComplete);
  CHECK(result.error.empty());
  CHECK(rig.count("iterations") == 5000);
  CHECK(rig.count("iterations_interrupted") == 0);
  CHECK(rig.count("dropped_iterations") == 0);
  CHECK(result.total > Duration::zero());
}

TEST_CASE("1000/s for a second are exactly 1000 arrivals, whatever the threads do") {
  RunRig rig({scenario("open",
                       ConstantArrivalRate{
                           .rate = 1000, .duration = 1s, .pre_allocated_vus = 3, .max_vus = 6})},
             3, always({.takes = 2ms}));
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kComplete);
  CHECK(rig.count("iterations") + rig.count("dropped_iterations") == 1000);
  CHECK(rig.count("iterations") > 0);
  CHECK(result.load_seconds >= 1.0);
  const Sink* delay = rig.aggregator().total(rig.plan.builtins.iteration_start_delay);
  REQUIRE(delay != nullptr);
  CHECK(delay->trend().count() == rig.count("iterations"));
  CHECK(delay->trend().min() >= 0);
}

TEST_CASE("several scenarios run beside one another and are told apart") {
  RunRig rig({scenario("each", PerVuIterations{.vus = 5, .iterations = 20}), shared(3, 77),
              steady(2, 300ms)},
             2, always({.takes = 1ms}));
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kComplete);
  uint64_t each = 0;
  uint64_t share = 0;
  for (const SeriesTotal& series : rig.aggregator().series()) {
    if (series.metric != rig.plan.builtins.iterations) continue;
    const std::string& name = *series.tags->find("scenario");
    if (name == "each") each += static_cast<uint64_t>(series.sink.counter().sum);
    if (name == "share") share += static_cast<uint64_t>(series.sink.counter().sum);
  }
  CHECK(each == 100);
  CHECK(share == 77);
}

TEST_CASE("samples carry the tags of the run and of their scenario") {
  Scenario tagged = shared(1, 1);
  tagged.tags = {{"team", "blue"}, {"stage", "scenario"}};
  RunRig rig({tagged}, 1, always({}));
  rig.plan.options.tags = {{"build", "42"}, {"stage", "run"}};
  rig.execute();
  const auto& series = rig.aggregator().series();
  const auto found = std::find_if(series.begin(), series.end(), [&](const SeriesTotal& total) {
    return total.metric == rig.plan.builtins.iterations;
  });
  REQUIRE(found != series.end());
  CHECK(*found->tags == TagSet{{"build", "42"},
                               {"group", ""},
                               {"scenario", "share"},
                               {"stage", "scenario"},
                               {"team", "blue"}});
}

TEST_CASE("vus and vus_max are sampled even in a run shorter than a second") {
  RunRig rig({steady(4, 50ms)}, 2, always({.takes = 5ms}));
  rig.execute();
  const Sink* vus = rig.aggregator().total(rig.plan.builtins.vus);
  const Sink* most = rig.aggregator().total(rig.plan.builtins.vus_max);
  REQUIRE(vus != nullptr);
  REQUIRE(most != nullptr);
  CHECK(vus->gauge().max == 4);
  CHECK(most->gauge().max == 4);
}

TEST_CASE("vus counts VUs whose iterations have ended before anybody looked") {
  RunRig rig({shared(3, 3)}, 2, always({}));
  rig.execute();
  const Sink* vus = rig.aggregator().total(rig.plan.builtins.vus);
  REQUIRE(vus != nullptr);
  CHECK(vus->gauge().value == 3);
  CHECK(vus->gauge().max == 3);
}

TEST_CASE("what was dropped lies in no group, as in k6") {
  RunRig rig({scenario("open",
                       ConstantArrivalRate{
                           .rate = 100, .duration = 100ms, .pre_allocated_vus = 1, .max_vus = 1})},
             1, always({.takes = 1s}));
  rig.execute();
  for (const SeriesTotal& series : rig.aggregator().series()) {
    if (series.metric != rig.plan.builtins.dropped_iterations) continue;
    CHECK(*series.tags == TagSet{{"scenario", "open"}});
  }
  CHECK(rig.count("dropped_iterations") == 9);
}

TEST_CASE("the load's length counts from the first startTime to the last iteration's end") {
  Scenario late = steady(1, 200ms);
  late.start_time = 300ms;
  FakeScript script = always({.takes = 60ms});
  script.setup.takes = 200ms;
  script.teardown.takes = 200ms;
  RunRig rig({late}, 1, script);
  rig.plan.has_setup = rig.plan.has_teardown = true;
  const RunResult result = rig.execute();
  CHECK(result.load_seconds >= 0.2);
  CHECK(result.total >= 200ms + 300ms + 200ms + 200ms);
  CHECK(to_seconds(result.total) - result.load_seconds >= 0.7);
}

TEST_CASE("a run that was never executed can be thrown away") {
  RunRig rig({shared(1, 1)}, 2, always({}));
  Log log(LogLevel::kError, [](std::string_view) {});
  const Run run(rig.plan, {}, log, {}, nullptr);
  CHECK(run.aggregator().seen().empty());
}

TEST_CASE("a VU that can't be made on one worker ends the run before it starts") {
  FakeScript script = always({});
  script.init = [](uint64_t id) {
    if (id == 4) throw ConfigError("script.lua:1: boom");
  };
  RunRig rig({shared(5, 5)}, 2, script);
  rig.plan.has_setup = rig.plan.has_teardown = true;
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kInitFailed);
  CHECK(result.error == "VU 4 can't be made: script.lua:1: boom");
  CHECK(result.load_seconds == 0);
  CHECK(rig.events().empty());
  CHECK(rig.count("iterations") == 0);
}

TEST_CASE("a script's abort interrupts all workers and names its reason") {
  RunRig* running = nullptr;
  std::atomic<int> starts = 0;
  RunRig rig({endless(6)}, 2, {.iteration = [&](const VirtualUser&, const Iteration&) {
               if (++starts == 6) running->control().abort_from_script("enough");
               return FakeIteration{.takes = kForEver};
             }});
  running = &rig;
  rig.plan.has_teardown = true;
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kScriptAbort);
  CHECK(result.error == "enough");
  CHECK(rig.count("iterations") == 0);
  CHECK(rig.count("iterations_interrupted") == 6);
  CHECK(rig.events() == std::vector<std::string>{"teardown "});
}

TEST_CASE("a threshold with abortOnFail ends the run") {
  RunRig rig({endless(2)}, 2, always({.takes = 5ms, .result = IterationResult::kFailed}));
  Threshold threshold = parse_threshold("count<1");
  threshold.abort_on_fail = true;
  rig.thresholds = {{"iteration_errors", {threshold}}};
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kThresholdAbort);
  CHECK(rig.count("iteration_errors") > 0);
  CHECK(rig.count("iterations_interrupted") <= 2);
  REQUIRE(rig.logged().size() == 2);
  CHECK(rig.logged()[0].find("threshold count<1 of iteration_errors has failed; the run is "
                             "aborted") != std::string::npos);
}

TEST_CASE("iterations that ended with an error are warned of in the log and in the summary") {
  RunRig rig({shared(1, 20)}, 1, always({.result = IterationResult::kFailed}));
  const std::vector<std::string> warnings = rig.execute().warnings;
  REQUIRE(!warnings.empty());
  CHECK(warnings[0] == "20 of 20 iterations ended with an error, first: fake failure");
  REQUIRE(rig.logged().size() == 1);
  CHECK(rig.logged()[0].find("level=warning msg=\"" + warnings[0]) != std::string::npos);
}

TEST_CASE("a threshold that fails without abortOnFail lets the run go on") {
  RunRig rig({steady(1, 1200ms)}, 1, always({.takes = 50ms}));
  rig.thresholds = {{"iterations", {parse_threshold("count<1")}}};
  CHECK(rig.execute().end == RunEnd::kComplete);
  CHECK(rig.count("iterations") >= 1);
}

TEST_CASE("a signal ends the load, and teardown still runs") {
  for (const int signal : {SIGINT, SIGTERM}) {
    std::atomic<int> starts = 0;
    RunRig rig({endless(4)}, 2, {.iteration = [&](const VirtualUser&, const Iteration&) {
                 if (++starts == 4) std::raise(signal);
                 return FakeIteration{.takes = kForEver};
               }});
    rig.plan.has_teardown = true;
    const RunResult result = rig.execute();
    CHECK(result.end == RunEnd::kSignal);
    CHECK(rig.count("iterations_interrupted") == 4);
    CHECK(rig.events() == std::vector<std::string>{"teardown "});
  }
}

}  // namespace
}  // namespace perigee
