#include "engine/execution/executor.h"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "tests/engine/execution/executor_rig.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

constexpr FakeIteration kHangs{.takes = kForEver};

Scenario steady(int64_t vus, Duration duration) {
  return scenario("steady", ConstantVus{.vus = vus, .duration = duration});
}

Scenario rate(double per_second, Duration duration, int64_t vus) {
  return scenario(
      "open",
      ConstantArrivalRate{
          .rate = per_second, .duration = duration, .pre_allocated_vus = vus, .max_vus = vus});
}

Scenario with_grace(Scenario scenario, Duration graceful_stop) {
  scenario.graceful_stop = graceful_stop;
  return scenario;
}

Scenario from(Duration start_time, Scenario scenario) {
  scenario.start_time = start_time;
  return scenario;
}

TEST_CASE("gracefulStop lets iterations finish that end in time") {
  ExecutorRig rig({with_grace(steady(3, 1s), 500ms)}, 2, always({.takes = 700ms}));
  rig.start();
  rig.advance(5s);
  CHECK(rig.done());
  CHECK(rig.ended_at() == 1400ms);
  CHECK(rig.totals().completed == 6);
  CHECK(rig.totals().interrupted == 0);
}

TEST_CASE("gracefulStop interrupts iterations that do not end in time") {
  for (const Scenario& scenario : {steady(3, 1s), rate(3, 1s, 3)}) {
    ExecutorRig rig({with_grace(scenario, 500ms)}, 2, always(kHangs));
    rig.start();
    rig.advance(1499ms);
    CHECK(!rig.done());
    rig.advance(1ms);
    CHECK(rig.done());
    CHECK(rig.told_done() == 2);
    CHECK(rig.ended_at() == 1500ms);
    CHECK(rig.totals().completed == 0);
    CHECK(rig.totals().interrupted == 3);
  }
}

TEST_CASE("gracefulStop 0 interrupts at the end, and nothing starts afterwards") {
  for (const Scenario& scenario : {steady(5, 1s), rate(5, 1s, 5)}) {
    ExecutorRig rig({with_grace(scenario, 0s)}, 2, always({.takes = 950ms}));
    rig.start();
    rig.advance(5s);
    CHECK(rig.done());
    CHECK(rig.ended_at() == 1s);
    CHECK(rig.totals().ended() == rig.starts.size());
    CHECK(rig.starts.back().at < 1s);
  }
}

TEST_CASE("an end and a grace period that a late loop meets at once are taken in order") {
  ExecutorRig rig({with_grace(steady(5, 1s), 100ms)}, 1, always({.takes = 300ms}));
  rig.start();
  rig.advance(950ms);
  rig.clock.stall(3s);
  rig.advance(5s);
  CHECK(rig.done());
  CHECK(rig.starts.size() == 20);
  CHECK(rig.totals().ended() == 20);
}

TEST_CASE("a scenario that a late loop meets when its time is over ends at once, and counts") {
  for (const Scenario& scenario : {steady(4, 1s), rate(4, 1s, 4)}) {
    for (const Duration graceful_stop : {Duration(0s), Duration(1s), Duration(10s)}) {
      ExecutorRig rig({with_grace(scenario, graceful_stop)}, 2, always({.takes = 5s}));
      rig.start();
      rig.clock.stall(3s);
      rig.advance(6s);
      CHECK(rig.done());
      CHECK(rig.starts.size() == 4);
      CHECK(rig.totals().ended() == 4);
      CHECK(rig.totals().completed == (graceful_stop == 10s ? 4 : 0));
    }
  }
}

TEST_CASE("a scenario starts at its startTime") {
  ExecutorRig rig({from(2s, steady(1, 1s)), from(500ms, rate(2, 1s, 1))}, 2,
                  always({.takes = 400ms}));
  rig.start();
  rig.advance(10s);
  CHECK(rig.done());
  REQUIRE(rig.starts.size() == 5);
  CHECK(rig.starts[0].scenario == "open");
  CHECK(rig.starts[0].at == 500ms);
  CHECK(rig.starts[1].at == 1s);
  CHECK(rig.starts[2].scenario == "steady");
  CHECK(rig.starts[2].at == 2s);
  CHECK(rig.totals("open").completed == 2);
  CHECK(rig.totals("steady").completed == 3);
}

TEST_CASE("an abort before the start ends everything without an iteration") {
  ExecutorRig rig({from(1s, steady(2, 1s)), from(1s, rate(10, 1s, 2)),
                   from(1s, scenario("share", SharedIterations{.vus = 2, .iterations = 9}))},
                  2, always({.takes = 10ms}));
  rig.start();
  rig.advance(500ms);
  rig.abort();
  CHECK(rig.done());
  CHECK(rig.told_done() == 6);
  rig.advance(10s);
  CHECK(rig.starts.empty());
  CHECK(rig.totals().ended() == 0);
}

TEST_CASE("an abort in the middle interrupts what runs, without a grace period") {
  for (const Scenario& scenario : {steady(4, 10s), rate(4, 10s, 40)}) {
    ExecutorRig rig({scenario}, 2, always({.takes = 300ms}));
    rig.start();
    rig.advance(1100ms);
    rig.abort();
    CHECK(rig.done());
    CHECK(rig.ended_at() == 1100ms);
    CHECK(rig.totals().interrupted > 0);
    CHECK(rig.totals().ended() == rig.starts.size());
    const size_t started = rig.starts.size();
    rig.advance(20s);
    CHECK(rig.starts.size() == started);
  }
}

TEST_CASE("an abort in the middle drops the iterations that were a number to be done") {
  ExecutorRig shared({scenario("share", SharedIterations{.vus = 4, .iterations = 100})}, 3,
                     always({.takes = 300ms}));
  shared.start();
  shared.advance(1s);
  shared.abort();
  CHECK(shared.done());
  CHECK(shared.totals().completed == 12);
  CHECK(shared.totals().interrupted == 4);
  CHECK(shared.totals().dropped == 84);

  ExecutorRig each({scenario("each", PerVuIterations{.vus = 4, .iterations = 25})}, 3,
                   always({.takes = 300ms}));
  each.start();
  each.advance(1s);
  each.abort();
  CHECK(each.done());
  CHECK(each.totals().completed == 12);
  CHECK(each.totals().interrupted == 4);
  CHECK(each.totals().dropped == 84);
}

TEST_CASE("an abort in the grace period interrupts what still runs") {
  for (const Scenario& scenario : {steady(3, 1s), rate(3, 1s, 3)}) {
    ExecutorRig rig({scenario}, 2, always(kHangs));
    rig.start();
    rig.advance(5s);
    CHECK(!rig.done());
    rig.abort();
    CHECK(rig.done());
    CHECK(rig.ended_at() == 5s);
    CHECK(rig.totals().interrupted == 3);
    CHECK(rig.totals().dropped == 0);
  }
}

TEST_CASE("a second abort, and one after the end, change nothing") {
  ExecutorRig rig({steady(3, 1s), rate(3, 1s, 3)}, 2, always({.takes = 100ms}));
  rig.start();
  rig.advance(300ms);
  rig.abort();
  rig.abort();
  CHECK(rig.told_done() == 4);
  const Totals totals = rig.totals();
  rig.advance(1min);
  rig.abort();
  CHECK(rig.told_done() == 4);
  CHECK(rig.totals().interrupted == totals.interrupted);
}

TEST_CASE("nothing starts while the clock is paused, and what runs goes on") {
  ExecutorRig rig({steady(2, 1s), rate(10, 1s, 5)}, 2, always({.takes = 200ms}));
  rig.start();
  rig.advance(450ms);
  rig.pause();
  rig.advance(1h);
  CHECK(!rig.done());
  CHECK(rig.totals("steady").completed == 2 * 3);
  CHECK(rig.totals("open").completed == 5);
  CHECK(rig.progress(0).active == 0);
}

TEST_CASE("resume shifts all that follows by the length of the pause") {
  ExecutorRig rig({rate(10, 1s, 5), from(1500ms, steady(1, 1s))}, 2, always({.takes = 210ms}));
  rig.start();
  rig.advance(450ms);
  rig.pause();
  rig.advance(10s);
  rig.resume();
  rig.advance(5s);
  CHECK(rig.done());
  REQUIRE(rig.starts.size() == 15);
  CHECK(rig.starts[4].at == 400ms);
  CHECK(rig.starts[5].at == 10'500ms);
  CHECK(rig.starts[9].at == 10'900ms);
  CHECK(rig.starts[10].scenario == "steady");
  CHECK(rig.starts[10].at == 11'500ms);
  CHECK(rig.ended_at() == 12'550ms);
  CHECK(rig.totals("open").completed == 10);
  CHECK(rig.trend(rig.metrics().iteration_start_delay).max() == 0);
}

TEST_CASE("VUs that ended an iteration during the pause start their next at the resume") {
  ExecutorRig rig({scenario("each", PerVuIterations{.vus = 2, .iterations = 2})}, 2,
                  always({.takes = 200ms}));
  rig.start();
  rig.advance(100ms);
  rig.pause();
  rig.advance(5s);
  CHECK(rig.starts.size() == 2);
  rig.resume();
  rig.advance(1s);
  REQUIRE(rig.starts.size() == 4);
  CHECK(rig.starts[2].at == 5100ms);
  CHECK(rig.done());
}

TEST_CASE("pauses add up, and a pause before the start moves the start") {
  ExecutorRig rig({from(1s, rate(10, 1s, 5))}, 1, always({}));
  rig.start();
  for (int i = 0; i < 3; ++i) {
    rig.advance(200ms);
    rig.pause();
    rig.pause();
    rig.advance(1s);
    rig.resume();
  }
  rig.advance(1h);
  CHECK(rig.starts.size() == 10);
  CHECK(rig.starts[0].at == 4s);
  CHECK(rig.done());
}

TEST_CASE("a paused run can be aborted") {
  ExecutorRig rig({steady(2, 1s), rate(10, 1s, 5)}, 2, always(kHangs));
  rig.start();
  rig.advance(150ms);
  rig.pause();
  rig.advance(1s);
  rig.abort();
  CHECK(rig.done());
  CHECK(rig.totals().interrupted == 4);
}

TEST_CASE("VU ids are 1, 2, 3, ... over all workers") {
  ExecutorRig rig({steady(7, 1s)}, 3, always({.takes = 1s}));
  rig.start();
  rig.advance(2s);
  CHECK(std::set<uint64_t>(rig.made.begin(), rig.made.end()) ==
        std::set<uint64_t>{1, 2, 3, 4, 5, 6, 7});
  CHECK(rig.made.size() == 7);
}

TEST_CASE("scenarios that follow one another use the same VUs") {
  ExecutorRig rig({with_grace(rate(10, 1s, 4), 1s), from(2s, with_grace(steady(4, 1s), 1s)),
                   from(4s, with_grace(rate(10, 1s, 3), 1s))},
                  2, always({.takes = 110ms}));
  rig.start();
  rig.advance(10s);
  CHECK(rig.done());
  CHECK(rig.totals("steady").completed == 40);
  CHECK(rig.totals("open").completed == 20);
  CHECK(rig.made == std::vector<uint64_t>{1, 3, 2, 4});
}

TEST_CASE("a scenario that starts at the very instant another is cut off takes over its VUs") {
  for (const uint32_t workers : {1U, 2U, 3U}) {
    CAPTURE(workers);
    ExecutorRig rig({from(2s, with_grace(rate(2, 1s, 4), 0s)),
                     from(1s, with_grace(steady(4, 1s), 0s)), with_grace(rate(10, 1s, 4), 0s)},
                    workers, always(kHangs));
    rig.message_delay = 1ms;
    rig.start();
    rig.advance(1min);
    CHECK(rig.done());
    CHECK(rig.made.size() == 4);
    CHECK(rig.totals("steady").interrupted == 4);
    CHECK(rig.totals("open").ended() + rig.totals("open").dropped == 12);
  }
}

TEST_CASE("VUs added at need are not those that a later scenario is going to use") {
  std::set<uint64_t> open;
  std::set<uint64_t> late;
  Scenario hungry = scenario(
      "hungry",
      ConstantArrivalRate{.rate = 10, .duration = 2s, .pre_allocated_vus = 1, .max_vus = 5});
  ExecutorRig rig({hungry, from(1s, steady(3, 1s))}, 1, always({.takes = 10s}));
  rig.start();
  rig.advance(30s);
  for (const Start& start : rig.starts)
    (start.scenario == "hungry" ? open : late).insert(start.vu);
  CHECK(open == std::set<uint64_t>{1, 5, 6, 7, 8});
  CHECK(late == std::set<uint64_t>{2, 3, 4});
}

}  // namespace
}  // namespace perigee
