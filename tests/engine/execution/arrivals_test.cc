#include "engine/execution/arrivals.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "tests/engine/execution/executor_rig.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

Scenario poisson(double rate, Duration duration, uint64_t seed) {
  return scenario("open", ConstantArrivalRate{.rate = rate,
                                              .duration = duration,
                                              .pre_allocated_vus = 50,
                                              .max_vus = 50,
                                              .rules = {.poisson_seed = seed}});
}

std::vector<Duration> all(const Scenario& scenario) {
  Arrivals arrivals(scenario);
  std::vector<Duration> due;
  for (auto next = arrivals.due(0); next; next = arrivals.due(due.size()))
    due.push_back(*next);
  return due;
}

TEST_CASE("the same seed gives the same arrivals, another seed others") {
  const auto first = all(poisson(100, 10s, 42));
  CHECK(all(poisson(100, 10s, 42)) == first);
  CHECK(all(poisson(100, 10s, 43)) != first);
  CHECK(std::is_sorted(first.begin(), first.end()));
}

TEST_CASE("a seed means the same arrivals in years to come") {
  PoissonProcess process(42);
  CHECK(process.position(0) == doctest::Approx(1.4071321));
  CHECK(process.position(1) == doctest::Approx(2.4260964));
  CHECK(process.position(9) > process.position(8));
}

TEST_CASE("gaps between random arrivals are those of a Poisson process") {
  const auto due = all(poisson(1000, 100s, 7));
  const auto count = static_cast<double>(due.size());
  // Five standard deviations of the count; the seed is given, so this never fails by chance.
  CHECK(std::fabs(count - 100'000) < 5 * std::sqrt(100'000));
  // A share of 1/e of the gaps is longer than the mean, and 1/e² longer than twice the mean.
  double longer = 0;
  double twice = 0;
  for (size_t i = 1; i < due.size(); ++i) {
    longer += due[i] - due[i - 1] > 1ms ? 1 : 0;
    twice += due[i] - due[i - 1] > 2ms ? 1 : 0;
  }
  CHECK(longer / count == doctest::Approx(std::exp(-1)).epsilon(0.02));
  CHECK(twice / count == doctest::Approx(std::exp(-2)).epsilon(0.04));
}

TEST_CASE("random arrivals follow a ramp") {
  const auto due = all(scenario("ramp", RampingArrivalRate{.stages = {{10s, 1000}, {10s, 0}},
                                                           .pre_allocated_vus = 1,
                                                           .max_vus = 1,
                                                           .rules = {.poisson_seed = 1}}));
  const auto until = [&](Duration end) {
    return static_cast<double>(std::lower_bound(due.begin(), due.end(), end) - due.begin());
  };
  CHECK(until(5s) == doctest::Approx(1250).epsilon(0.1));
  CHECK(until(10s) == doctest::Approx(5000).epsilon(0.05));
  CHECK(until(20s) == doctest::Approx(10'000).epsilon(0.05));
}

TEST_CASE("random arrivals are due at the same instants on any number of workers") {
  const auto whole = all(poisson(200, 2s, 99));
  for (const uint32_t workers : {1U, 2U, 7U}) {
    CAPTURE(workers);
    ExecutorRig rig({poisson(200, 2s, 99)}, workers, always({.takes = 1ms}));
    rig.start();
    rig.advance(5s);
    std::vector<Duration> started;
    for (const Start& start : rig.starts)
      started.push_back(start.at);
    std::sort(started.begin(), started.end());
    CHECK(started == whole);
  }
}

}  // namespace
}  // namespace perigee
