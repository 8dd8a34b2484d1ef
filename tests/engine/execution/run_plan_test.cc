#include "engine/execution/run_plan.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

using namespace std::chrono_literals;

Scenario looping(int64_t vus, Duration start_time, Duration duration, Duration graceful_stop) {
  Scenario scenario;
  scenario.config = ConstantVus{.vus = vus, .duration = duration};
  scenario.start_time = start_time;
  scenario.graceful_stop = graceful_stop;
  return scenario;
}

Options with(std::vector<Scenario> scenarios) {
  Options options;
  options.scenarios = std::move(scenarios);
  return options;
}

TEST_CASE("scenarios that overlap need the sum of their VUs") {
  const Options options = with({looping(5, 0s, 10s, 0s), looping(3, 9s, 10s, 0s)});
  CHECK(planned_vus(options, {0, 1}) == 8);
}

TEST_CASE("scenarios that follow one another need the larger number of VUs") {
  const Options options = with({looping(5, 0s, 10s, 0s), looping(3, 10s, 10s, 0s)});
  CHECK(planned_vus(options, {0, 1}) == 5);
}

TEST_CASE("the graceful stop counts as use of the VUs") {
  const Options options = with({looping(5, 0s, 10s, 30s), looping(3, 39s, 10s, 30s)});
  CHECK(planned_vus(options, {0, 1}) == 8);
  const Options later = with({looping(5, 0s, 10s, 30s), looping(3, 40s, 10s, 30s)});
  CHECK(planned_vus(later, {0, 1}) == 5);
}

TEST_CASE("the most at one time counts, wherever it is") {
  const Options options = with({looping(2, 0s, 100s, 0s), looping(4, 50s, 10s, 0s),
                                looping(1, 55s, 10s, 0s), looping(3, 70s, 10s, 0s)});
  CHECK(planned_vus(options, {0, 1}) == 7);
}

TEST_CASE("workers share the planned VUs without loss") {
  const Options options = with({looping(7, 0s, 10s, 0s)});
  CHECK(planned_vus(options, {0, 3}) == 3);
  CHECK(planned_vus(options, {1, 3}) == 2);
  CHECK(planned_vus(options, {2, 3}) == 2);
}

TEST_CASE("an arrival rate plans for its pre-allocated VUs only") {
  Scenario open;
  open.config =
      ConstantArrivalRate{.rate = 1, .duration = 1s, .pre_allocated_vus = 4, .max_vus = 100};
  CHECK(planned_vus(with({open}), {0, 1}) == 4);
}

TEST_CASE("the tags of the run are those of the options") {
  Options options;
  options.tags = {{"build", "42"}, {"stage", "ci"}};
  CHECK(run_tags(options) == TagSet{{"build", "42"}, {"stage", "ci"}});
}

TEST_CASE("the counts of a run are the sums over its scenarios") {
  RunState state(2, 1);
  state.progress[0].completed = 3;
  state.progress[1].completed = 4;
  state.progress[1].interrupted = 2;
  CHECK(state.iterations_completed() == 7);
  CHECK(state.iterations_interrupted() == 2);
}

}  // namespace
}  // namespace perigee
