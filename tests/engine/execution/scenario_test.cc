#include "engine/execution/scenario.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

using namespace std::chrono_literals;

Scenario with(ExecutorConfig config) {
  Scenario scenario;
  scenario.config = config;
  return scenario;
}

TEST_CASE("a scenario knows how long its iterations may start and how many VUs it has") {
  const Scenario steady = with(ConstantVus{.vus = 5, .duration = 30s});
  CHECK(steady.duration() == 30s);
  CHECK(steady.planned_vus() == 5);
  CHECK(steady.max_vus() == 5);

  const Scenario each = with(PerVuIterations{.vus = 4, .iterations = 2, .max_duration = 1min});
  CHECK(each.duration() == 1min);
  CHECK(each.planned_vus() == 4);

  const Scenario open =
      with(ConstantArrivalRate{.rate = 1, .duration = 10s, .pre_allocated_vus = 2, .max_vus = 8});
  CHECK(open.duration() == 10s);
  CHECK(open.planned_vus() == 2);
  CHECK(open.max_vus() == 8);
}

TEST_CASE("scenarios describe themselves in one line") {
  CHECK(with(ConstantVus{.vus = 5, .duration = 30s}).describe() ==
        "5 looping VUs for 30s (gracefulStop: 30s)");
  CHECK(with(SharedIterations{.vus = 5, .iterations = 100}).describe() ==
        "100 iterations shared among 5 VUs (maxDuration: 10m, gracefulStop: 30s)");
  CHECK(with(PerVuIterations{.vus = 5, .iterations = 3}).describe() ==
        "3 iterations for each of 5 VUs (maxDuration: 10m, gracefulStop: 30s)");
  CHECK(with(ConstantArrivalRate{
                 .rate = 200, .duration = 30s, .pre_allocated_vus = 20, .max_vus = 20})
            .describe() == "200.00 iterations/s for 30s (maxVUs: 20, gracefulStop: 30s)");
}

TEST_CASE("ramps say how far up they go") {
  const Scenario vus = with(RampingVus{.start_vus = 3, .stages = {{10s, 8}, {0s, 5}, {1min, 0}}});
  CHECK(vus.describe() ==
        "Up to 8 looping VUs for 1m10s over 3 stages (gracefulRampDown: 30s, gracefulStop: 30s)");
  CHECK(vus.duration() == 70s);
  CHECK(vus.max_vus() == 8);
  CHECK(!vus.is_open());

  const Scenario rate = with(RampingArrivalRate{.start_rate = 30,
                                                .time_unit = 1min,
                                                .stages = {{10s, 90}, {5s, 60}},
                                                .pre_allocated_vus = 2,
                                                .max_vus = 8});
  CHECK(rate.describe() ==
        "Up to 1.50 iterations/s for 15s over 2 stages (maxVUs: 2-8, gracefulStop: 30s)");
  CHECK(rate.duration() == 15s);
  CHECK(rate.planned_vus() == 2);
  CHECK(rate.is_open());
}

TEST_CASE("random arrivals name their seed, so that the run can be repeated") {
  const Scenario open =
      with(ConstantArrivalRate{.rate = 5,
                               .duration = 30s,
                               .pre_allocated_vus = 2,
                               .max_vus = 2,
                               .rules = {.poisson_seed = 42, .overload = Overload::kQueue}});
  CHECK(open.describe() ==
        "5.00 iterations/s for 30s (maxVUs: 2, arrival: poisson, seed: 42, overload: queue, "
        "gracefulStop: 30s)");
}

TEST_CASE("a description names what is not the default") {
  Scenario open = with(ConstantArrivalRate{
      .rate = 1, .time_unit = 4s, .duration = 30s, .pre_allocated_vus = 2, .max_vus = 8});
  open.exec = "buy";
  open.start_time = 90s;
  open.graceful_stop = 0s;
  CHECK(open.describe() ==
        "0.25 iterations/s for 30s (maxVUs: 2-8, exec: buy, startTime: 1m30s, gracefulStop: 0s)");
}

}  // namespace
}  // namespace perigee
