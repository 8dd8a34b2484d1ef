#include "engine/execution/vu_needs.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

using namespace std::chrono_literals;

Scenario with(ExecutorConfig config, Duration start_time, Duration graceful_stop) {
  Scenario scenario;
  scenario.config = std::move(config);
  scenario.start_time = start_time;
  scenario.graceful_stop = graceful_stop;
  return scenario;
}

Scenario looping(int64_t vus, Duration start_time, Duration duration, Duration graceful_stop) {
  return with(ConstantVus{.vus = vus, .duration = duration}, start_time, graceful_stop);
}

Scenario ramping(int64_t start_vus, std::vector<Stage<int64_t>> stages, Duration graceful_ramp_down,
                 Duration graceful_stop) {
  return with(RampingVus{.start_vus = start_vus,
                         .stages = std::move(stages),
                         .graceful_ramp_down = graceful_ramp_down},
              0s, graceful_stop);
}

// At one time.
int64_t most(const std::vector<Scenario>& scenarios) {
  return execution_requirements(scenarios).max_vus;
}

TEST_CASE("scenarios that overlap need the sum of their VUs") {
  CHECK(most({looping(5, 0s, 10s, 0s), looping(3, 9s, 10s, 0s)}) == 8);
}

TEST_CASE("scenarios that follow one another need the larger number of VUs") {
  CHECK(most({looping(5, 0s, 10s, 0s), looping(3, 10s, 10s, 0s)}) == 5);
}

TEST_CASE("the graceful stop counts as use of the VUs") {
  CHECK(most({looping(5, 0s, 10s, 30s), looping(3, 39s, 10s, 30s)}) == 8);
  CHECK(most({looping(5, 0s, 10s, 30s), looping(3, 40s, 10s, 30s)}) == 5);
}

TEST_CASE("the most at one time counts, wherever it is") {
  CHECK(most({looping(2, 0s, 100s, 0s), looping(4, 50s, 10s, 0s), looping(1, 55s, 10s, 0s),
              looping(3, 70s, 10s, 0s)}) == 7);
}

TEST_CASE("an arrival rate plans for its pre-allocated VUs and may make more") {
  const std::vector<Scenario> open{
      with(ConstantArrivalRate{.rate = 1, .duration = 1s, .pre_allocated_vus = 4, .max_vus = 100},
           2s, 3s)};
  CHECK(vu_needs(open[0]) == std::vector<VuNeed>{{2s, 4, 96}, {6s, 0, 0}});
  CHECK(execution_requirements(open).max_vus == 100);
  CHECK(execution_requirements(open).total_duration == 6s);
}

TEST_CASE("a ramp needs VUs as they come, and keeps each for its graceful ramp-down") {
  CHECK(vu_needs(ramping(1, {{2s, 3}, {2s, 1}, {1s, 1}}, 1500ms, 30s)) ==
        std::vector<VuNeed>{
            {0s, 1, 0}, {1s, 2, 0}, {2s, 3, 0}, {4500ms, 2, 0}, {5500ms, 1, 0}, {35s, 0, 0}});
}

TEST_CASE("VUs at the end of a ramp are kept for the graceful stop, and none for longer") {
  CHECK(vu_needs(ramping(4, {{1s, 4}, {0s, 2}, {1s, 2}}, 30s, 5s)) ==
        std::vector<VuNeed>{{0s, 4, 0}, {7s, 0, 0}});
  CHECK(vu_needs(ramping(4, {{1s, 4}, {0s, 2}, {1s, 2}}, 3s, 5s)) ==
        std::vector<VuNeed>{{0s, 4, 0}, {4s, 2, 0}, {7s, 0, 0}});
}

TEST_CASE("what a ramp comes to at its very end is planned for") {
  CHECK(vu_needs(ramping(2, {{1s, 2}, {0s, 50}}, 0s, 1s)) ==
        std::vector<VuNeed>{{0s, 2, 0}, {1s - 1ns, 50, 0}, {2s, 0, 0}});
}

TEST_CASE("ramps that cross need less than the sum of their tops") {
  const Scenario falls = ramping(10, {{10s, 0}}, 0s, 0s);
  const Scenario rises = ramping(0, {{10s, 10}}, 0s, 0s);
  CHECK(most({falls, rises}) == 10);
  CHECK(execution_requirements({falls, rises}).total_duration == 10s);
}

}  // namespace
}  // namespace perigee
