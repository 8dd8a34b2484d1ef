#include "engine/execution/open_executor.h"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/execution/executor_rig.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

Scenario rate(double per_second, Duration duration, int64_t vus, int64_t most = 0) {
  return scenario("open", ConstantArrivalRate{.rate = per_second,
                                              .duration = duration,
                                              .pre_allocated_vus = vus,
                                              .max_vus = std::max(vus, most)});
}

TEST_CASE("arrivals start when they are due, whether or not earlier ones have ended") {
  ExecutorRig rig({rate(10, 1s, 5)}, 1, always({.takes = 350ms}));
  rig.start();
  rig.advance(2s);
  CHECK(rig.done());
  REQUIRE(rig.starts.size() == 10);
  CHECK(rig.starts[0].at == 0ms);
  CHECK(rig.starts[1].at == 100ms);
  CHECK(rig.starts[9].at == 900ms);
  CHECK(rig.starts[9].number == 9);
  CHECK(rig.totals().completed == 10);
  CHECK(rig.totals().dropped == 0);
  CHECK(rig.ended_at() == 1250ms);
}

TEST_CASE("1000/s for 5 s are exactly 5000 iterations on any number of workers") {
  for (const uint32_t workers : {1U, 2U, 3U, 8U}) {
    CAPTURE(workers);
    ExecutorRig rig({rate(1000, 5s, 50)}, workers, always({.takes = 3ms}));
    rig.start();
    rig.advance(6s);
    CHECK(rig.done());
    CHECK(rig.totals().completed == 5000);
    CHECK(rig.totals().dropped == 0);
    CHECK(rig.trend(rig.metrics().iteration_start_delay).max() == 0);
    std::set<Duration> instants;
    for (const Start& start : rig.starts) {
      instants.insert(start.at);
      CHECK(start.at == start.number * 1ms);
    }
    CHECK(instants.size() == 5000);
  }
}

TEST_CASE("idle VUs take turns: the one that has been idle longest is next") {
  ExecutorRig rig({rate(10, 1s, 3)}, 1, always({.takes = 10ms}));
  rig.start();
  rig.advance(2s);
  REQUIRE(rig.starts.size() == 10);
  CHECK(rig.starts[0].vu == 1);
  CHECK(rig.starts[1].vu == 2);
  CHECK(rig.starts[2].vu == 3);
  CHECK(rig.starts[3].vu == 1);
  CHECK(rig.starts[9].vu == 1);
}

TEST_CASE("an arrival without an idle VU is dropped, counted, and warned about once") {
  ExecutorRig rig({rate(10, 1s, 2)}, 1, always({.takes = 1s}));
  rig.start();
  rig.advance(3s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 2);
  CHECK(rig.totals().dropped == 8);
  REQUIRE(rig.logged.size() == 1);
  CHECK(rig.logged[0].find("scenario open: insufficient VUs, all 2 are busy; arrivals are dropped "
                           "until one is free (raise maxVUs)") != std::string::npos);
}

TEST_CASE("VUs are added up to maxVUs over all workers, then arrivals are dropped") {
  for (const uint32_t workers : {1U, 3U}) {
    CAPTURE(workers);
    ExecutorRig rig({rate(20, 1s, 2, 7)}, workers, always({.takes = 10s}));
    rig.start();
    rig.advance(5s);
    CHECK(rig.starts.size() == 7);
    CHECK(rig.vus_made() == 7);
    CHECK(rig.active_vus("open") == 7);
    CHECK(std::set<uint64_t>(rig.made.begin(), rig.made.end()).size() == 7);
    CHECK(rig.totals().dropped == 13);
    rig.advance(10s);
    CHECK(rig.done());
    CHECK(rig.totals().completed == 7);
    CHECK(rig.active_vus("open") == 0);
  }
}

TEST_CASE("VUs that wait for an arrival are not at work") {
  for (const uint32_t workers : {1U, 3U}) {
    CAPTURE(workers);
    ExecutorRig rig({rate(20, 3s, 10)}, workers, always({.takes = 100ms}));
    rig.start();
    rig.advance(1s + 10ms);
    CHECK(rig.active_vus("open") == 2);
    CHECK(rig.vus_made() == 10);
  }
}

TEST_CASE("an added VU stays: the next arrivals use it") {
  ExecutorRig rig({rate(10, 1s, 1, 2)}, 1, always({.takes = 150ms}));
  rig.start();
  rig.advance(2s);
  CHECK(rig.vus_made() == 2);
  CHECK(rig.totals().completed == 10);
  CHECK(rig.totals().dropped == 0);
}

TEST_CASE("no pre-allocated VU at all: each is made when it is needed") {
  ExecutorRig rig({rate(10, 1s, 0, 3)}, 2, always({.takes = 250ms}));
  rig.start();
  rig.advance(2s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 10);
  CHECK(rig.vus_made() == 3);
}

TEST_CASE("a VU that can't be added ends the run, and nobody is told to raise maxVUs") {
  FakeScript script = always({.takes = 10s});
  script.init = [](uint64_t id) {
    if (id > 1) throw ConfigError("script.lua:3: no more");
  };
  ExecutorRig rig({rate(4, 1s, 1, 4)}, 1, script);
  rig.start();
  rig.advance(1s);
  REQUIRE(rig.failures.size() == 1);
  CHECK(rig.failures[0] == "VU 2 can't be made: script.lua:3: no more");
  rig.abort();
  CHECK(rig.done());
  CHECK(rig.totals().interrupted == 1);
  CHECK(rig.totals().dropped == 1);  // the arrival that the VU was for
  CHECK(rig.logged.empty());
}

TEST_CASE("a late loop starts at once what it has missed, and the delay is told") {
  ExecutorRig rig({rate(10, 1s, 10)}, 1, always({.takes = 5ms}));
  rig.start();
  rig.advance(250ms);
  rig.clock.stall(300ms);  // those due at 300, 400 and 500 ms are late
  rig.advance(2s);
  REQUIRE(rig.starts.size() == 10);
  CHECK(rig.starts[3].at == 550ms);
  CHECK(rig.starts[4].at == 550ms);
  CHECK(rig.starts[5].at == 550ms);
  CHECK(rig.starts[6].at == 600ms);
  const Histogram delay = rig.trend(rig.metrics().iteration_start_delay);
  CHECK(delay.count() == 10);
  CHECK(delay.max() == 250);
  CHECK(delay.sum() == 250 + 150 + 50);
  const Histogram latency = rig.trend(rig.metrics().iteration_latency);
  CHECK(latency.min() == 5);
  CHECK(latency.max() == 255);
  CHECK(rig.trend(rig.metrics().iteration_duration).max() == 5);
}

TEST_CASE("a loop that is late at the end still starts all that was due before it") {
  ExecutorRig rig({rate(10, 1s, 10)}, 1, always({.takes = 5ms}));
  rig.start();
  rig.advance(650ms);
  rig.clock.stall(5s);
  rig.advance(1s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 10);
}

TEST_CASE("a loop that is so late that the grace period is over too still counts every arrival") {
  ExecutorRig rig({rate(10, 1s, 10)}, 1, always({.takes = 5ms}));
  rig.start();
  rig.advance(650ms);
  rig.clock.stall(40s);
  rig.advance(1s);
  CHECK(rig.done());
  CHECK(rig.totals().ended() == 10);
  CHECK(rig.totals().interrupted == 3);
}

TEST_CASE("100,000 arrivals that end at once do not overflow the stack") {
  ExecutorRig rig({rate(100'000, 1s, 1)}, 1, always({}));
  rig.start();
  rig.clock.stall(999'999us);
  rig.advance(1s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 100'000);
}

TEST_CASE("an arrival whose worker has no idle VU is handed to a worker that has one") {
  // One VU: it lives on the first worker, and every third arrival is that worker's own.
  ExecutorRig rig({rate(10, 3s, 1)}, 3, always({.takes = 10ms}));
  rig.start();
  rig.advance(5s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 30);
  CHECK(rig.totals().dropped == 0);
  CHECK(std::all_of(rig.starts.begin(), rig.starts.end(),
                    [](const Start& start) { return start.vu == 1; }));
}

TEST_CASE("a hand-over takes time, which the start delay shows") {
  ExecutorRig rig({rate(10, 1s, 1)}, 2, always({.takes = 10ms}));
  rig.message_delay = 2ms;
  rig.start();
  rig.advance(5s);
  CHECK(rig.totals().completed == 10);
  const Histogram delay = rig.trend(rig.metrics().iteration_start_delay);
  CHECK(delay.min() == 0);
  CHECK(delay.max() == 2);
  CHECK(delay.sum() == 5 * 2);
}

TEST_CASE("an idle VU is promised to one arrival only") {
  // Both workers have one VU and iterations outlast the interval: of each pair only one more fits.
  ExecutorRig rig({rate(1000, 1s, 2)}, 2, always({.takes = 100ms}));
  rig.message_delay = 1ms;
  rig.start();
  rig.advance(5s);
  CHECK(rig.done());
  CHECK(rig.totals().ended() + rig.totals().dropped == 1000);
  CHECK(rig.totals().completed == rig.starts.size());
}

TEST_CASE("handed over at the very end, an arrival is still started") {
  ExecutorRig rig({rate(2, 1s, 1)}, 2, always({.takes = 10ms}));
  rig.message_delay = 700ms;
  rig.start();
  rig.advance(1100ms);
  CHECK(!rig.done());
  rig.advance(1s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 2);
}

TEST_CASE("an arrival that a late worker hands over after the end still finds the idle VU") {
  ExecutorRig rig({rate(2, 1s, 1)}, 2, always({.takes = 10ms}));
  rig.start();
  rig.advance(100ms);
  rig.clock.suspend(1);
  rig.advance(2s);
  CHECK(!rig.done());
  rig.clock.wake(1);
  rig.advance(1s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 2);
  CHECK(rig.totals().dropped == 0);
}

TEST_CASE("handed over when the grace period is over, an arrival is dropped and counted") {
  Scenario open = rate(2, 1s, 1);
  open.graceful_stop = 100ms;
  ExecutorRig rig({open}, 2, always({.takes = 10ms}));
  rig.message_delay = 700ms;
  rig.start();
  rig.advance(1110ms);
  CHECK(!rig.done());
  rig.advance(5s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 1);
  CHECK(rig.totals().dropped == 1);
}

TEST_CASE("a VU is not idle before its iteration has lasted as long as the minimum") {
  ExecutorRig rig({rate(10, 1s, 1, 2)}, 2, always({.takes = 10ms}));
  rig.min_iteration_duration = 250ms;
  rig.start();
  rig.advance(5s);
  CHECK(rig.done());
  // Those due at 0, 100, 300, 400, 600, 700 and 900 ms find one of the two VUs rested.
  CHECK(rig.totals().completed == 7);
  CHECK(rig.totals().dropped == 3);
  CHECK(rig.trend(rig.metrics().iteration_latency).max() == 10);
}

TEST_CASE("an arrival that is handed over to a paused worker waits for it, and is not late") {
  ExecutorRig rig({rate(10, 1s, 1)}, 2, always({.takes = 10ms}));
  rig.message_delay = 20ms;
  rig.start();
  // Arrival 1 is due at 100 ms on the second worker and goes to the first, which has the VU.
  rig.advance(110ms);
  rig.pause();
  rig.advance(5s);
  CHECK(rig.starts.size() == 1);
  rig.resume();
  rig.advance(5ms);
  CHECK(rig.starts.size() == 2);
  rig.advance(5s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 10);
  CHECK(rig.trend(rig.metrics().iteration_start_delay).max() == 20);
}

TEST_CASE("a run that is aborted in a pause counts what was on its way") {
  ExecutorRig rig({rate(10, 1s, 1)}, 2, always({.takes = 10ms}));
  rig.message_delay = 20ms;
  rig.start();
  rig.advance(110ms);
  rig.pause();
  rig.advance(1s);
  rig.abort();
  rig.advance(1s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 1);
  CHECK(rig.totals().dropped == 1);
}

TEST_CASE("a spare VU is made while the one that was missing starts its work") {
  ExecutorRig rig({rate(10, 1s, 1, 9)}, 1, always({.takes = 150ms}));
  rig.start();
  rig.advance(99ms);
  CHECK(rig.vus_made() == 1);
  rig.advance(1ms);
  CHECK(rig.vus_made() == 3);
  rig.advance(5s);
  CHECK(rig.vus_made() == 3);
  CHECK(rig.totals().dropped == 0);
}

TEST_CASE("the rate can be changed while the scenario runs") {
  ExecutorRig rig({rate(10, 2s, 5)}, 2, always({.takes = 10ms}));
  rig.start();
  rig.advance(500ms);
  rig.change({.vus = {}, .rate = 100}, 1s);
  rig.advance(5s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 10 + 100);
  CHECK(rig.starts[10].at == 1s);
  CHECK(rig.starts[11].at == 1010ms);
}

TEST_CASE("a VU that can't begin ends the run, which does not wait for it") {
  ExecutorRig rig({rate(10, 10s, 3)}, 1,
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
