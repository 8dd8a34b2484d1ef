#include "engine/execution/queue_executor.h"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/execution/executor_rig.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

Scenario queue(double per_second, Duration duration, int64_t vus, int64_t most = 0) {
  return scenario("open", ConstantArrivalRate{.rate = per_second,
                                              .duration = duration,
                                              .pre_allocated_vus = vus,
                                              .max_vus = std::max(vus, most),
                                              .rules = {.overload = Overload::kQueue}});
}

TEST_CASE("with enough VUs arrivals start when they are due") {
  for (const uint32_t workers : {1U, 3U}) {
    CAPTURE(workers);
    ExecutorRig rig({queue(1000, 2s, 50)}, workers, always({.takes = 3ms}));
    rig.start();
    rig.advance(5s);
    CHECK(rig.done());
    CHECK(rig.totals().completed == 2000);
    CHECK(rig.totals().dropped == 0);
    CHECK(rig.trend(rig.metrics().iteration_start_delay).max() == 0);
    for (const Start& start : rig.starts)
      REQUIRE(start.at == start.number * 1ms);
  }
}

TEST_CASE("an arrival without an idle VU starts late, and its latency tells") {
  ExecutorRig rig({queue(10, 1s, 1)}, 1, {.iteration = [](const VirtualUser&, const Iteration& it) {
                    return FakeIteration{.takes = it.number == 0 ? 350ms : 10ms};
                  }});
  rig.start();
  rig.advance(5s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 10);
  CHECK(rig.totals().dropped == 0);
  CHECK(rig.starts[1].at == 350ms);
  CHECK(rig.starts[2].at == 360ms);
  CHECK(rig.starts[3].at == 370ms);
  CHECK(rig.starts[4].at == 400ms);
  CHECK(rig.trend(rig.metrics().iteration_start_delay).max() == 250);
  CHECK(rig.trend(rig.metrics().iteration_latency).max() == 350);
  REQUIRE(rig.logged.size() == 1);
  CHECK(
      rig.logged[0].find("scenario open: insufficient VUs, all 1 are busy; arrivals start late") !=
      std::string::npos);
}

TEST_CASE("what is still queued at the end is dropped and counted, once over all workers") {
  for (const uint32_t workers : {1U, 2U, 5U}) {
    CAPTURE(workers);
    ExecutorRig rig({queue(20, 1s, 2)}, workers, always({.takes = 300ms}));
    rig.start();
    rig.advance(5s);
    CHECK(rig.done());
    CHECK(rig.totals().completed == 8);
    CHECK(rig.totals().dropped == 12);
  }
}

TEST_CASE("the queue is served in order by whichever worker has a VU") {
  // The only VU is the first worker's.
  ExecutorRig rig({queue(10, 1s, 1)}, 4, always({.takes = 95ms}));
  rig.start();
  rig.advance(5s);
  CHECK(rig.totals().completed == 10);
  for (size_t i = 0; i < 10; ++i)
    CHECK(rig.starts[i].number == i);
}

TEST_CASE("VUs are added up to maxVUs before anything starts late") {
  for (const uint32_t workers : {1U, 3U}) {
    CAPTURE(workers);
    ExecutorRig rig({queue(10, 1s, 1, 4)}, workers, always({.takes = 10s}));
    rig.start();
    rig.advance(500ms);
    CHECK(rig.starts.size() == 4);
    CHECK(rig.starts[3].at == 300ms);
    rig.advance(20s);
    CHECK(rig.vus_made() == 4);
    CHECK(rig.totals().completed == 4);
    CHECK(rig.totals().dropped == 6);
  }
}

TEST_CASE(
    "a VU that can't be added to a queue's ends the run, and nobody is told to raise maxVUs") {
  FakeScript script = always({.takes = 300ms});
  script.init = [](uint64_t id) {
    if (id > 1) throw ConfigError("script.lua:3: no more");
  };
  ExecutorRig rig({queue(4, 1s, 1, 3)}, 1, script);
  rig.start();
  rig.advance(500ms);
  REQUIRE(rig.failures.size() == 1);
  CHECK(rig.failures[0] == "VU 2 can't be made: script.lua:3: no more");
  rig.abort();
  CHECK(rig.done());
  CHECK(rig.totals().ended() == rig.starts.size());
  CHECK(rig.logged.empty());
}

TEST_CASE("a loop that is late at the end still starts all that idle VUs can") {
  ExecutorRig rig({queue(100, 1s, 200)}, 1, always({.takes = 10ms}));
  rig.start();
  rig.advance({});
  rig.clock.stall(5s);
  rig.advance(1s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 100);
}

TEST_CASE("100,000 arrivals that end at once neither starve timers nor overflow the stack") {
  ExecutorRig rig({queue(100'000, 1s, 1)}, 1, always({}));
  rig.start();
  rig.advance({});
  rig.clock.stall(999ms);
  bool fired = false;
  Timer other(rig.clock.timers(), [&] { fired = true; });
  other.start(rig.clock.now());
  rig.clock.turn();
  rig.clock.turn();
  CHECK(fired);
  CHECK(rig.starts.size() < 1000);
  rig.advance(1s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 100'000);
}

TEST_CASE("a paused run takes nothing from the queue, and its end moves") {
  ExecutorRig rig({queue(10, 1s, 1)}, 2, always({.takes = 150ms}));
  rig.start();
  rig.advance(500ms);
  const size_t before = rig.starts.size();
  rig.pause();
  rig.advance(1h);
  CHECK(rig.starts.size() == before);
  rig.resume();
  rig.advance(2s);
  CHECK(rig.done());
  CHECK(rig.ended_at() < 1h + 2s);
  CHECK(rig.totals().completed + rig.totals().dropped == 10);
}

TEST_CASE("a queued rate can be changed while the scenario runs and before") {
  ExecutorRig rig({queue(10, 2s, 5)}, 2, always({.takes = 10ms}));
  rig.start();
  rig.change({.vus = {}, .rate = 20}, 0s);
  rig.advance(500ms);
  rig.change({.vus = {}, .rate = 100}, 1s);
  rig.advance(5s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 20 + 100);
}

TEST_CASE("an aborted run counts what was queued, not what was yet to come") {
  ExecutorRig rig({queue(10, 10s, 1)}, 2, always({.takes = 1min}));
  rig.start();
  rig.advance(550ms);
  rig.abort();
  CHECK(rig.done());
  CHECK(rig.totals().interrupted == 1);
  CHECK(rig.totals().dropped == 5);
}

TEST_CASE("a VU that can't begin ends the run, which does not wait for it") {
  ExecutorRig rig({queue(10, 10s, 3)}, 1,
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
