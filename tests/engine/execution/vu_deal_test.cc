#include "engine/execution/vu_deal.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

using namespace std::chrono_literals;

Scenario looping(int64_t vus, Duration start_time = 0s) {
  Scenario scenario;
  scenario.config = ConstantVus{.vus = vus, .duration = 10s};
  scenario.start_time = start_time;
  scenario.graceful_stop = 0s;
  return scenario;
}

std::vector<uint64_t> planned(const std::vector<Scenario>& scenarios, uint32_t workers) {
  return VuDeal(scenarios, workers).planned();
}

TEST_CASE("workers share the planned VUs without loss") {
  CHECK(planned({looping(7)}, 3) == std::vector<uint64_t>{3, 2, 2});
  CHECK(planned({}, 3) == std::vector<uint64_t>{0, 0, 0});
}

TEST_CASE("scenarios of one VU take the workers in turn") {
  const std::vector<Scenario> scenarios(4, looping(1));
  CHECK(planned(scenarios, 2) == std::vector<uint64_t>{2, 2});
  CHECK(planned(scenarios, 3) == std::vector<uint64_t>{2, 1, 1});
  const VuDeal deal(scenarios, 3);
  CHECK(deal.stripe(0, 0).share(1) == 1);
  CHECK(deal.stripe(1, 1).share(1) == 1);
  CHECK(deal.stripe(2, 2).share(1) == 1);
  CHECK(deal.stripe(3, 0).share(1) == 1);
}

TEST_CASE("a scenario goes on dealing where the one beside it has stopped") {
  CHECK(planned({looping(3), looping(5)}, 2) == std::vector<uint64_t>{4, 4});
  CHECK(planned({looping(3), looping(5)}, 8) == std::vector<uint64_t>(8, 1));
}

TEST_CASE("scenarios that follow one another take over each other's VUs") {
  CHECK(planned({looping(1, 20s), looping(1, 10s), looping(1)}, 4) ==
        std::vector<uint64_t>{1, 0, 0, 0});
  // The third starts when the first, not the second, has ended.
  CHECK(planned({looping(1), looping(1, 5s), looping(1, 10s)}, 2) == std::vector<uint64_t>{1, 1});
}

}  // namespace
}  // namespace perigee
