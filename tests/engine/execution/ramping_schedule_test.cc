// Arrival schedules whose rate changes.
#include <cmath>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "engine/execution/arrival_schedule.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;
using Stages = std::vector<Stage<double>>;

TEST_CASE("a ramp from nothing is due when the area under it reaches a whole number") {
  // The area after t seconds is t² / 2.
  const ArrivalSchedule schedule(0, 1s, {{10s, 10}});
  CHECK(schedule.total() == 50);
  CHECK(schedule.due(0) == 1'414'213'562ns);
  CHECK(schedule.due(1) == 2s);
  CHECK(schedule.due(7) == 4s);
  CHECK(schedule.due(17) == 6s);
  CHECK(schedule.due(31) == 8s);
  CHECK(schedule.due(49) == 10s);
  CHECK(schedule.due(50) == std::nullopt);
}

TEST_CASE("a level stage has its arrivals at the ends of equal intervals") {
  const ArrivalSchedule schedule(10, 1s, {{1s, 10}});
  CHECK(schedule.total() == 10);
  CHECK(schedule.due(0) == 100ms);
  CHECK(schedule.due(8) == 900ms);
  CHECK(schedule.due(9) == 1s);
  CHECK(schedule.due(10) == std::nullopt);
}

TEST_CASE("a ramp to nothing ends with its last arrival") {
  const ArrivalSchedule schedule(10, 1s, {{10s, 0}});
  CHECK(schedule.total() == 50);
  CHECK(schedule.due(17) == 2s);
  CHECK(schedule.due(31) == 4s);
  CHECK(schedule.due(41) == 6s);
  CHECK(schedule.due(47) == 8s);
  CHECK(schedule.due(49).value() > 9999ms);
  CHECK(schedule.due(49).value() <= 10s);
}

TEST_CASE("what is left of a stage counts in the next") {
  const ArrivalSchedule schedule(1.5, 1s, {{1s, 1.5}, {2s, 1}, {0s, 4}, {1s, 4}});
  // 1.5 after a second, 4 after three, 8 after four.
  CHECK(schedule.total() == 8);
  CHECK(schedule.due(0) == 666'666'667ns);
  CHECK(schedule.due(1) == 1'343'145'751ns);
  CHECK(schedule.due(3) == 3s);
  CHECK(schedule.due(4) == 3250ms);
  CHECK(schedule.due(7) == 4s);
}

TEST_CASE("nothing is due while the rate is zero") {
  const ArrivalSchedule schedule(0, 1s, {{5s, 0}, {0s, 2}, {1s, 2}, {0s, 0}, {5s, 0}});
  CHECK(schedule.total() == 2);
  CHECK(schedule.due(0) == 5500ms);
  CHECK(schedule.due(1) == 6s);
  CHECK(ArrivalSchedule(0, 1s, {{5s, 0}}).total() == 0);
}

TEST_CASE("the unit of time is that of all stages") {
  const ArrivalSchedule schedule(0, 1min, {{1min, 120}});
  CHECK(schedule.total() == 60);
  CHECK(schedule.rate_at(30s) == doctest::Approx(1));
  CHECK(schedule.rate_at(1min) == doctest::Approx(2));
}

TEST_CASE("the rate of a ramp can be changed by hand, and what was under way stays") {
  ArrivalSchedule schedule(0, 1s, {{10s, 10}, {10s, 0}});
  schedule.change_rate(4s, 1, 1s);
  CHECK(schedule.due(7) == 4s);
  CHECK(schedule.due(8) == 5s);
  CHECK(schedule.total() == 8 + 16);
  schedule.change_rate(12500ms, 0, 1s);
  CHECK(schedule.total() == 16);
  schedule.change_rate(15s, 2, 1s);
  CHECK(schedule.due(16) == 15250ms);
}

// The area under the stages up to `until`, by adding up slices.
double integral(double rate, const Stages& stages, Duration until) {
  double area = 0;
  Duration start{};
  for (const auto& stage : stages) {
    constexpr int kSlices = 2000;
    const double length = to_seconds(stage.duration);
    for (int i = 0; i < kSlices; ++i) {
      const double middle = (i + 0.5) / kSlices;
      if (to_seconds(start) + middle * length > to_seconds(until)) break;
      area += (rate + (stage.target - rate) * middle) * length / kSlices;
    }
    start += stage.duration;
    rate = stage.target;
  }
  return area;
}

TEST_CASE("arrivals are due when the integral of the rate says so, whatever the stages") {
  const unsigned seed = 1;
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto up_to = [&](double most) {
    return std::uniform_real_distribution<double>(0, most)(random);
  };
  for (int round = 0; round < 15; ++round) {
    Stages stages;
    for (int i = 0; i < 4; ++i)
      stages.push_back({std::chrono::milliseconds(static_cast<int64_t>(up_to(5000))),
                        up_to(1) < 0.2 ? 0 : up_to(50)});
    const double start_rate = up_to(50);
    const ArrivalSchedule schedule(start_rate, 1s, stages);
    const double whole = integral(start_rate, stages, length_of(stages));
    CAPTURE(round);
    CHECK(static_cast<double>(schedule.total()) <= whole + 0.05);
    CHECK(static_cast<double>(schedule.total()) > whole - 1.05);
    Duration last{};
    for (uint64_t n = 0; n < schedule.total(); ++n) {
      const Duration due = schedule.due(n).value();
      CHECK(due >= last);
      CHECK(std::fabs(integral(start_rate, stages, due) - static_cast<double>(n + 1)) < 0.2);
      last = due;
    }
    CHECK(schedule.due(schedule.total()) == std::nullopt);
  }
}

}  // namespace
}  // namespace perigee
