// ramping-vus: the closed executor under a plan that changes.
#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "engine/execution/closed_executor.h"
#include "tests/engine/execution/executor_rig.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

Scenario ramping(int64_t start_vus, std::vector<Stage<int64_t>> stages,
                 Duration graceful_ramp_down = 30s) {
  return scenario("ramp", RampingVus{.start_vus = start_vus,
                                     .stages = std::move(stages),
                                     .graceful_ramp_down = graceful_ramp_down});
}

// How many VUs the scenario has at each half second from 250 ms on.
std::vector<uint64_t> vus_over_time(ExecutorRig& rig, int samples) {
  std::vector<uint64_t> vus;
  rig.advance(250ms);
  for (int i = 0; i < samples; ++i) {
    vus.push_back(rig.active_vus("ramp"));
    rig.advance(500ms);
  }
  return vus;
}

TEST_CASE("VUs come one by one as the ramp goes up and leave as it goes down") {
  for (const uint32_t workers : {1U, 3U}) {
    CAPTURE(workers);
    ExecutorRig rig({ramping(1, {{2s, 5}, {1s, 5}, {2s, 1}})}, workers, always({.takes = 10ms}));
    rig.start();
    CHECK(vus_over_time(rig, 10) == std::vector<uint64_t>{1, 2, 3, 4, 5, 5, 5, 4, 3, 2});
    rig.advance(1s);
    CHECK(rig.done());
    CHECK(rig.ended_at() == 5s);
    CHECK(rig.vus_made() == 5);
    CHECK(rig.totals().interrupted == 0);
  }
}

TEST_CASE("the iterations of a ramp are the same on any number of workers") {
  std::vector<uint64_t> completed;
  for (const uint32_t workers : {1U, 2U, 5U}) {
    ExecutorRig rig({ramping(0, {{3s, 12}, {2s, 3}, {0s, 8}, {1s, 0}})}, workers,
                    always({.takes = 70ms}));
    rig.start();
    rig.advance(10s);
    CHECK(rig.done());
    completed.push_back(rig.totals().completed);
  }
  CHECK(completed[1] == completed[0]);
  CHECK(completed[2] == completed[0]);
}

TEST_CASE("a VU that is taken away finishes its iteration") {
  ExecutorRig rig({ramping(5, {{1s, 5}, {0s, 3}, {1s, 3}})}, 1, always({.takes = 700ms}));
  rig.start();
  rig.advance(1300ms);
  CHECK(rig.active_vus("ramp") == 5);
  rig.advance(200ms);
  CHECK(rig.active_vus("ramp") == 3);
  rig.advance(5s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 5 + 5 + 3);
  CHECK(rig.totals().interrupted == 0);
}

TEST_CASE("an iteration that outlasts the graceful ramp-down is interrupted") {
  ExecutorRig rig({ramping(4, {{1s, 4}, {0s, 1}, {5s, 1}}, 2s)}, 2, always({.takes = 20s}));
  rig.start();
  rig.advance(2999ms);
  CHECK(rig.active_vus("ramp") == 4);
  CHECK(rig.totals().interrupted == 0);
  rig.advance(1ms);
  CHECK(rig.active_vus("ramp") == 1);
  CHECK(rig.totals().interrupted == 3);
  rig.advance(1min);
  CHECK(rig.totals().completed == 1);
}

TEST_CASE("without a graceful ramp-down an iteration is interrupted at once") {
  ExecutorRig rig({ramping(5, {{1s, 5}, {0s, 3}, {1s, 3}}, 0s)}, 1, always({.takes = 700ms}));
  rig.start();
  rig.advance(1s);
  CHECK(rig.active_vus("ramp") == 3);
  CHECK(rig.totals().interrupted == 2);
}

TEST_CASE("a VU that comes back in time goes on as if nothing had happened") {
  ExecutorRig rig({ramping(3, {{1s, 3}, {0s, 1}, {1s, 1}, {0s, 3}, {2s, 3}}, 5s)}, 1,
                  always({.takes = 2500ms}));
  rig.start();
  rig.advance(20s);
  CHECK(rig.done());
  CHECK(rig.totals().completed == 6);
  CHECK(rig.totals().interrupted == 0);
  CHECK(rig.vus_made() == 3);
  for (size_t i = 3; i < 6; ++i)
    CHECK(rig.starts[i].at == 2500ms);
}

TEST_CASE("a VU that was interrupted is used again when the ramp goes up") {
  ExecutorRig rig({ramping(2, {{1s, 2}, {0s, 1}, {2s, 1}, {0s, 2}, {2s, 2}}, 1s)}, 1,
                  always({.takes = 10s}));
  rig.start();
  rig.advance(2s);
  CHECK(rig.totals().interrupted == 1);
  rig.advance(1500ms);
  CHECK(rig.active_vus("ramp") == 2);
  CHECK(rig.vus_made() == 2);
  CHECK(rig.starts.back().vu == 2);
  CHECK(rig.starts.back().at == 3s);
}

TEST_CASE("at the end of the ramp the rest gets the graceful stop, those going what is theirs") {
  Scenario ramp = ramping(4, {{1s, 4}, {0s, 2}, {1s, 2}}, 3s);
  ramp.graceful_stop = 10s;
  ExecutorRig rig({ramp}, 1, always({.takes = 1min}));
  rig.start();
  rig.advance(4s);
  CHECK(rig.totals().interrupted == 2);
  CHECK(!rig.done());
  rig.advance(8s);
  CHECK(rig.totals().interrupted == 4);
  CHECK(rig.ended_at() == 12s);
}

TEST_CASE("the graceful stop ends a graceful ramp-down that would last longer") {
  Scenario ramp = ramping(4, {{1s, 4}, {1s, 2}}, 30s);
  ramp.graceful_stop = 500ms;
  ExecutorRig rig({ramp}, 1, always({.takes = 1min}));
  rig.start();
  rig.advance(2500ms);
  CHECK(rig.done());
  CHECK(rig.totals().interrupted == 4);
}

TEST_CASE("a ramp stands still while the run is paused, its graceful ramp-down too") {
  ExecutorRig rig({ramping(0, {{4s, 4}, {0s, 0}, {4s, 0}}, 1s)}, 2, always({.takes = 100ms}));
  rig.start();
  rig.advance(1500ms);
  rig.pause();
  rig.advance(1h);
  CHECK(rig.active_vus("ramp") == 1);
  rig.resume();
  rig.advance(600ms);
  CHECK(rig.active_vus("ramp") == 2);
  rig.advance(1h);
  CHECK(rig.done());
  CHECK(rig.ended_at() == 1h + 8s);
}

TEST_CASE("VUs set by hand replace the ramp, and nobody is interrupted for it") {
  ExecutorRig rig({ramping(0, {{4s, 40}, {4s, 0}}, 0s)}, 2, always({.takes = 300ms}));
  const auto change = [&](int64_t vus) { rig.change({.vus = vus, .rate = {}}); };
  rig.start();
  rig.advance(1s);
  CHECK(rig.active_vus("ramp") == 10);
  change(3);
  rig.advance(400ms);
  CHECK(rig.active_vus("ramp") == 3);
  rig.advance(5s);
  CHECK(rig.active_vus("ramp") == 3);
  rig.advance(5s);
  CHECK(rig.done());
  CHECK(rig.totals().interrupted == 0);
}

TEST_CASE("VUs set by hand before the start are those it starts with") {
  Scenario steady = scenario("steady", ConstantVus{.vus = 2, .duration = 1s});
  steady.start_time = 1s;
  ExecutorRig rig({steady}, 2, always({.takes = 400ms}));
  rig.start();
  rig.advance(100ms);
  rig.change({.vus = 5, .rate = {}});
  rig.advance(100ms);
  CHECK(rig.starts.empty());
  rig.advance(1s);
  CHECK(rig.active_vus("steady") == 5);
}

TEST_CASE("a VU of a ramp that can't be made ends the run") {
  FakeScript script = always({.takes = 100ms});
  script.init = [](uint64_t id) {
    if (id > 3) throw ConfigError("script.lua:3: no more");
  };
  Scenario other = scenario("other", ConstantVus{.vus = 1, .duration = 5s});
  ExecutorRig rig({other, ramping(1, {{2s, 2}, {2s, 2}})}, 1, script);
  rig.start();
  rig.advance(1s);
  // Takes the VU that the ramp is going to need.
  rig.change({.vus = 2, .rate = {}});
  rig.advance(2s);
  REQUIRE(rig.failures.size() == 1);
  CHECK(rig.failures[0] == "VU 4 can't be made: script.lua:3: no more");
  rig.abort();
  CHECK(rig.done());
}

}  // namespace
}  // namespace perigee
