#include "engine/execution/closed_executor.h"

#include <algorithm>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/execution/executor_rig.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

std::map<uint64_t, int> starts_per_vu(const ExecutorRig& rig) {
  std::map<uint64_t, int> count;
  for (const Start& start : rig.starts)
    ++count[start.vu];
  return count;
}

std::set<uint64_t> numbers(const ExecutorRig& rig) {
  std::set<uint64_t> numbers;
  for (const Start& start : rig.starts)
    numbers.insert(start.number);
  return numbers;
}

TEST_CASE("10 VUs with iterations of 210 ms do 50 in a second: the last ones may finish") {
  ExecutorRig rig({scenario("steady", ConstantVus{.vus = 10, .duration = 1s})}, 1,
                  always({.takes = 210ms}));
  rig.start();
  rig.advance(1s);
  CHECK(!rig.done());
  rig.advance(50ms);
  CHECK(rig.done());
  CHECK(rig.ended_at() == 1050ms);
  CHECK(rig.totals().completed == 50);
  CHECK(rig.totals().interrupted == 0);
  CHECK(rig.totals().dropped == 0);
  CHECK(rig.trend(rig.metrics().iteration_duration).min() == 210);
  CHECK(rig.trend(rig.metrics().iteration_duration).max() == 210);
}

TEST_CASE("the number of workers does not change what constant VUs do") {
  ExecutorRig rig({scenario("steady", ConstantVus{.vus = 10, .duration = 1s})}, 4,
                  always({.takes = 210ms}));
  rig.start();
  rig.advance(2s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 50);
  CHECK(starts_per_vu(rig) ==
        std::map<uint64_t, int>{
            {1, 5}, {2, 5}, {3, 5}, {4, 5}, {5, 5}, {6, 5}, {7, 5}, {8, 5}, {9, 5}, {10, 5}});
  CHECK(numbers(rig).size() == 50);
}

TEST_CASE("a VU starts its next iteration at the instant the last one ends") {
  ExecutorRig rig({scenario("steady", ConstantVus{.vus = 1, .duration = 1s})}, 1,
                  always({.takes = 300ms}));
  rig.start();
  rig.advance(2s);
  REQUIRE(rig.starts.size() == 4);
  CHECK(rig.starts[0].at == 0ms);
  CHECK(rig.starts[1].at == 300ms);
  CHECK(rig.starts[2].at == 600ms);
  CHECK(rig.starts[3].at == 900ms);
  CHECK(rig.starts[3].number == 3);
}

TEST_CASE("closed models have no start delay and no latency: nothing was due") {
  ExecutorRig rig({scenario("steady", ConstantVus{.vus = 1, .duration = 1s})}, 1,
                  always({.takes = 300ms}));
  rig.start();
  rig.advance(2s);
  CHECK(rig.trend(rig.metrics().iteration_start_delay).empty());
  CHECK(rig.trend(rig.metrics().iteration_latency).empty());
}

TEST_CASE("failed iterations count as completed and as errors, and the VU goes on") {
  ExecutorRig rig({scenario("steady", ConstantVus{.vus = 2, .duration = 1s})}, 1,
                  always({.takes = 260ms, .result = IterationResult::kFailed}));
  rig.start();
  rig.advance(2s);
  CHECK(rig.totals().completed == 8);
  CHECK(rig.totals().failed == 8);
}

TEST_CASE("shared iterations are done exactly once over three workers") {
  ExecutorRig rig({scenario("share", SharedIterations{.vus = 7, .iterations = 100})}, 3,
                  always({.takes = 10ms}));
  rig.start();
  rig.advance(1s);
  CHECK(rig.done());
  CHECK(rig.ended_at() == 150ms);
  CHECK(rig.totals().completed == 100);
  CHECK(rig.totals().dropped == 0);
  CHECK(numbers(rig).size() == 100);
  CHECK(*numbers(rig).rbegin() == 99);
}

TEST_CASE("a faster VU takes more of the shared iterations") {
  ExecutorRig rig({scenario("share", SharedIterations{.vus = 2, .iterations = 12})}, 2,
                  {.iteration = [](const VirtualUser& vu, const Iteration&) {
                    return FakeIteration{.takes = vu.id() == 1 ? 100ms : 500ms};
                  }});
  rig.start();
  rig.advance(10s);
  CHECK(rig.totals().completed == 12);
  CHECK(starts_per_vu(rig) == std::map<uint64_t, int>{{1, 10}, {2, 2}});
}

TEST_CASE("shared iterations left at maxDuration are dropped, and counted once over all workers") {
  ExecutorRig rig(
      {scenario("share", SharedIterations{.vus = 6, .iterations = 100, .max_duration = 1s})}, 3,
      always({.takes = 300ms}));
  rig.start();
  rig.advance(2s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 24);
  CHECK(rig.totals().dropped == 76);
}

TEST_CASE("more workers than VUs leave some workers without work, and the run ends all the same") {
  ExecutorRig rig({scenario("share", SharedIterations{.vus = 2, .iterations = 5})}, 8,
                  always({.takes = 10ms}));
  rig.start();
  rig.advance(1s);
  CHECK(rig.done());
  CHECK(rig.told_done() == 8);
  CHECK(rig.totals().completed == 5);
}

TEST_CASE("each VU does its own number of iterations") {
  ExecutorRig rig({scenario("each", PerVuIterations{.vus = 5, .iterations = 4})}, 2,
                  {.iteration = [](const VirtualUser& vu, const Iteration&) {
                    return FakeIteration{.takes = vu.id() * 10ms};
                  }});
  rig.start();
  rig.advance(1s);
  CHECK(rig.done());
  CHECK(rig.ended_at() == 200ms);
  CHECK(starts_per_vu(rig) == std::map<uint64_t, int>{{1, 4}, {2, 4}, {3, 4}, {4, 4}, {5, 4}});
  CHECK(rig.totals().completed == 20);
  CHECK(numbers(rig).size() == 20);
}

TEST_CASE("what VUs have not started of their iterations at maxDuration is dropped") {
  ExecutorRig rig(
      {scenario("each", PerVuIterations{.vus = 3, .iterations = 4, .max_duration = 1s})}, 2,
      {.iteration = [](const VirtualUser& vu, const Iteration&) {
        return FakeIteration{.takes = vu.id() == 1 ? 100ms : 600ms};
      }});
  rig.start();
  rig.advance(5s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 4 + 2 + 2);
  CHECK(rig.totals().dropped == 2 + 2);
}

TEST_CASE("100,000 iterations that end at once neither starve timers nor overflow the stack") {
  ExecutorRig rig({scenario("quick", SharedIterations{.vus = 1, .iterations = 100'000})}, 1,
                  always({}));
  rig.start();
  bool fired = false;
  Timer other(rig.clock.timers(), [&] { fired = true; });
  other.start(rig.clock.now());
  rig.clock.turn();
  rig.clock.turn();
  CHECK(fired);
  CHECK(rig.starts.size() < 1000);
  rig.advance({});
  CHECK(rig.done());
  CHECK(rig.totals().completed == 100'000);
}

TEST_CASE("an iteration that ends at once may follow one that took its time") {
  ExecutorRig rig({scenario("mixed", SharedIterations{.vus = 2, .iterations = 50'000})}, 1,
                  {.iteration = [](const VirtualUser&, const Iteration& iteration) {
                    return FakeIteration{.takes = iteration.number % 1000 == 0 ? 1ms : 0ms};
                  }});
  rig.start();
  rig.advance(1s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 50'000);
}

TEST_CASE("VUs that are added while it runs start at once; those taken away end their iteration") {
  ExecutorRig rig({scenario("steady", ConstantVus{.vus = 2, .duration = 10s})}, 2,
                  always({.takes = 300ms}));
  const auto change = [&](int64_t vus) { rig.change({.vus = vus, .rate = {}}); };
  rig.start();
  rig.advance(1s);
  change(5);
  CHECK(rig.active_vus("steady") == 5);
  CHECK(rig.progress(0).active == 5);
  rig.advance(1s);
  change(1);
  CHECK(rig.active_vus("steady") == 5);
  rig.advance(300ms);
  CHECK(rig.active_vus("steady") == 1);
  change(0);
  rig.advance(1s);
  CHECK(rig.active_vus("steady") == 0);
  CHECK(!rig.done());
  change(2);
  CHECK(rig.active_vus("steady") == 2);
  rig.advance(10s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == rig.starts.size());
  CHECK(rig.made == std::vector<uint64_t>{1, 2, 3, 4, 5});
}

TEST_CASE("a scenario whose VUs can't be made says so instead of going on with fewer") {
  FakeScript script = always({.takes = 300ms});
  script.init = [](uint64_t id) {
    if (id > 3) throw ConfigError("script.lua:3: no more");
  };
  Scenario late = scenario("late", ConstantVus{.vus = 2, .duration = 1s});
  late.start_time = 500ms;
  ExecutorRig rig({scenario("early", ConstantVus{.vus = 1, .duration = 1s}), late}, 1, script);
  rig.start();
  rig.advance(100ms);
  // Takes the VUs that the other scenario is going to need.
  rig.change({.vus = 3, .rate = {}});
  rig.advance(1s);
  REQUIRE(rig.failures.size() == 1);
  CHECK(rig.failures[0] == "VU 4 can't be made: script.lua:3: no more");
  rig.abort();
  CHECK(rig.done());
  CHECK(rig.totals().ended() == rig.starts.size());
}

TEST_CASE("a VU rests until its iteration has lasted as long as the minimum") {
  ExecutorRig rig({scenario("steady", ConstantVus{.vus = 2, .duration = 1s})}, 2,
                  {.iteration = [](const VirtualUser& vu, const Iteration&) {
                    return FakeIteration{.takes = vu.id() == 1 ? 0ms : 350ms};
                  }});
  rig.min_iteration_duration = 300ms;
  rig.start();
  rig.advance(5s);
  CHECK(rig.done());
  CHECK(starts_per_vu(rig) == std::map<uint64_t, int>{{1, 4}, {2, 3}});
  CHECK(rig.trend(rig.metrics().iteration_duration).max() == 350);
  CHECK(rig.trend(rig.metrics().iteration_duration).min() == 0);
  CHECK(rig.ended_at() == 1050ms);
}

TEST_CASE("a VU that rests when the time is up rests no longer") {
  ExecutorRig rig(
      {scenario("each", PerVuIterations{.vus = 1, .iterations = 9, .max_duration = 1s})}, 1,
      always({.takes = 10ms}));
  rig.min_iteration_duration = 400ms;
  rig.start();
  rig.advance(5s);
  CHECK(rig.ended_at() == 1s);
  CHECK(rig.totals().completed == 3);
  CHECK(rig.totals().dropped == 6);
}

TEST_CASE("VUs are active from the start of their scenario until they have no more to do") {
  ExecutorRig rig({scenario("each", PerVuIterations{.vus = 3, .iterations = 1})}, 2,
                  {.iteration = [](const VirtualUser& vu, const Iteration&) {
                    return FakeIteration{.takes = vu.id() * 100ms};
                  }});
  rig.start();
  CHECK(rig.active_vus("each") == 0);
  rig.advance(50ms);
  CHECK(rig.active_vus("each") == 3);
  CHECK(rig.progress(0).active == 3);
  rig.advance(100ms);
  CHECK(rig.active_vus("each") == 2);
  rig.advance(1s);
  CHECK(rig.active_vus("each") == 0);
  CHECK(rig.progress(0).active == 0);
  CHECK(rig.progress(0).completed == 3);
}

TEST_CASE("a VU that can't begin ends the run, which does not wait for it") {
  ExecutorRig rig({scenario("steady", ConstantVus{.vus = 2, .duration = 10s})}, 1,
                  {.iteration = [](const VirtualUser& vu, const Iteration&) -> FakeIteration {
                    if (vu.id() == 2) throw std::runtime_error("no memory");
                    return {.takes = 10s};
                  }});
  rig.start();
  rig.advance(1s);
  REQUIRE(rig.failures.size() == 1);
  CHECK(rig.failures[0] == "VU 2 can't begin: no memory");
  rig.abort();
  CHECK(rig.done());
  CHECK(rig.totals().interrupted == rig.starts.size());
  CHECK(rig.logged.empty());
}

}  // namespace
}  // namespace perigee
