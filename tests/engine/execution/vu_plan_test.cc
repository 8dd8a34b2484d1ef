#include "engine/execution/vu_plan.h"

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace perigee {
namespace {

using namespace std::chrono_literals;

using Steps = std::vector<std::pair<Duration, int64_t>>;

// Every change of the number that `count` tells, found by going from one possible change to the
// next.
template <typename Count>
Steps steps(const VuPlan& plan, Count count) {
  Steps steps{{0s, count(Duration::zero())}};
  for (auto at = plan.next_change(0s); at; at = plan.next_change(*at)) {
    if (count(*at) != steps.back().second) steps.emplace_back(*at, count(*at));
  }
  return steps;
}

Steps wanted(const VuPlan& plan) {
  return steps(plan, [&](Duration at) { return plan.vus_at(at); });
}

Steps held(const VuPlan& plan) {
  return steps(plan, [&](Duration at) { return plan.held_at(at); });
}

TEST_CASE("a ramp changes by one VU whenever the line reaches a whole number") {
  const VuPlan plan(4, {{2s, 6}, {5s, 1}, {4s, 5}, {1s, 5}, {0s, 2}, {2s, 4}, {1s, 4}, {1s, 0}},
                    30s);
  CHECK(wanted(plan) == Steps{{0s, 4},
                              {1s, 5},
                              {2s, 6},
                              {3s, 5},
                              {4s, 4},
                              {5s, 3},
                              {6s, 2},
                              {7s, 1},
                              {8s, 2},
                              {9s, 3},
                              {10s, 4},
                              {11s, 5},
                              {12s, 2},
                              {13s, 3},
                              {14s, 4},
                              {15250ms, 3},
                              {15500ms, 2},
                              {15750ms, 1},
                              {16s, 0}});
}

TEST_CASE("a stage of no duration is a jump, at the start too") {
  const VuPlan plan(1, {{0s, 50}, {1s, 50}, {0s, 10}, {0s, 20}, {1s, 20}}, 0s);
  CHECK(wanted(plan) == Steps{{0s, 50}, {1s, 20}});
  CHECK(plan.vus_at(999'999'999ns) == 50);
}

TEST_CASE("a change that falls between two nanoseconds comes with the later one") {
  const VuPlan plan(0, {{1s, 3}}, 0s);
  CHECK(plan.vus_at(333'333'333ns) == 0);
  CHECK(plan.vus_at(333'333'334ns) == 1);
  CHECK(wanted(plan) == Steps{{0s, 0}, {333'333'334ns, 1}, {666'666'667ns, 2}, {1s, 3}});
}

TEST_CASE("a VU that is taken away may finish for as long as the graceful ramp-down") {
  const VuPlan plan(3, {{3s, 0}, {2s, 0}, {2s, 2}}, 2500ms);
  CHECK(wanted(plan) == Steps{{0s, 3}, {1s, 2}, {2s, 1}, {3s, 0}, {6s, 1}, {7s, 2}});
  CHECK(held(plan) == Steps{{0s, 3}, {3500ms, 2}, {4500ms, 1}, {5500ms, 0}, {6s, 1}, {7s, 2}});
}

TEST_CASE("VUs that come back meanwhile are no others than those that were taken away") {
  const VuPlan plan(4, {{2s, 2}, {2s, 4}, {1s, 4}, {0s, 0}}, 5s);
  CHECK(held(plan) == Steps{{0s, 4}, {10s, 0}});
}

TEST_CASE("without a graceful ramp-down what is not wanted is not held") {
  const VuPlan plan(0, {{1s, 10}, {1s, 2}, {0s, 0}}, 0s);
  CHECK(held(plan) == wanted(plan));
}

TEST_CASE("a plan without stages never changes") {
  const VuPlan plan(7);
  CHECK(plan.vus_at(0s) == 7);
  CHECK(plan.held_at(10h) == 7);
  CHECK(plan.next_change(0s) == std::nullopt);
}

TEST_CASE("ten years of a hundred million VUs do not overflow") {
  const VuPlan plan(0, {{24h * 3650, 100'000'000}, {24h * 3650, 0}}, 0s);
  CHECK(plan.vus_at(12h * 3650) == 50'000'000);
  CHECK(plan.vus_at(36h * 3650) == 50'000'000);
  CHECK(plan.next_change(0s) == 3'153'600'000ns);
}

TEST_CASE("between two possible changes nothing changes, whatever the ramp") {
  const unsigned seed = 1;
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto up_to = [&](int64_t most) {
    return std::uniform_int_distribution<int64_t>(0, most)(random);
  };
  for (int round = 0; round < 100; ++round) {
    std::vector<Stage<int64_t>> stages;
    for (int64_t i = up_to(5); i >= 0; --i)
      stages.push_back({Duration(up_to(4) * up_to(2'000'000'000)), up_to(20)});
    const VuPlan plan(up_to(20), stages, Duration(up_to(2) * up_to(3'000'000'000)));
    Duration from{};
    for (int step = 0; step < 1000; ++step) {
      const auto next = plan.next_change(from);
      const Duration until = next.value_or(from + 10s);
      REQUIRE(until > from);
      const Duration between = from + Duration(up_to((until - from).count() - 1));
      CHECK(plan.vus_at(between) == plan.vus_at(from));
      CHECK(plan.held_at(between) == plan.held_at(from));
      CHECK(plan.held_at(between) >= plan.vus_at(between));
      if (!next) break;
      CHECK(std::abs(plan.vus_at(*next) - plan.vus_at(*next - 1ns)) <= 20);
      from = *next;
    }
    CHECK(plan.vus_at(from) == stages.back().target);
  }
}

}  // namespace
}  // namespace perigee
