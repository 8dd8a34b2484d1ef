#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <set>

#include <doctest/doctest.h>

#include "engine/execution/arrivals.h"
#include "tests/engine/execution/executor_rig.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}

  int64_t from_to(int64_t low, int64_t high) {
    return std::uniform_int_distribution(low, high)(random_);
  }
  Duration ms(int64_t low, int64_t high) { return std::chrono::milliseconds(from_to(low, high)); }
  bool one_in(int64_t n) { return from_to(1, n) == 1; }

 private:
  std::mt19937 random_;
};

ArrivalRules any_rules(Dice& dice) {
  ArrivalRules rules;
  if (dice.one_in(2)) rules.poisson_seed = static_cast<uint64_t>(dice.from_to(0, 1'000'000));
  if (dice.one_in(2)) rules.overload = Overload::kQueue;
  return rules;
}

ExecutorConfig any_config(Dice& dice) {
  const int64_t vus = dice.from_to(1, 12);
  const Duration length = dice.ms(1000, 3000);
  const auto stages = [&](auto stage) {
    std::vector<decltype(stage())> list{stage()};
    while (!dice.one_in(3))
      list.push_back(stage());
    list.push_back(stage());
    list.back().duration = length;
    return list;
  };
  switch (dice.from_to(0, 5)) {
    case 0:
      return ConstantVus{.vus = vus, .duration = length};
    case 1:
      return SharedIterations{
          .vus = vus, .iterations = vus + dice.from_to(0, 300), .max_duration = length};
    case 2:
      return PerVuIterations{.vus = vus, .iterations = dice.from_to(1, 40), .max_duration = length};
    case 3:
      return RampingVus{.start_vus = dice.from_to(0, vus),
                        .stages = stages([&] {
                          return Stage<int64_t>{dice.ms(0, 1000), dice.from_to(0, vus)};
                        }),
                        .graceful_ramp_down = dice.one_in(2) ? 0s : dice.ms(0, 1500)};
    case 4:
      return RampingArrivalRate{
          .start_rate = static_cast<double>(dice.from_to(0, 100)),
          .stages = stages([&] {
            return Stage<double>{dice.ms(0, 1000), static_cast<double>(dice.from_to(0, 1500)) / 4};
          }),
          .pre_allocated_vus = vus - 1,
          .max_vus = vus - 1 + dice.from_to(1, 6),
          .rules = any_rules(dice)};
    default:
      return ConstantArrivalRate{.rate = static_cast<double>(dice.from_to(1, 1500)) / 4,
                                 .time_unit = dice.ms(500, 2000),
                                 .duration = length,
                                 .pre_allocated_vus = vus - 1,
                                 .max_vus = vus - 1 + dice.from_to(1, 6),
                                 .rules = any_rules(dice)};
  }
}

std::vector<Scenario> any_scenarios(Dice& dice) {
  std::vector<Scenario> scenarios;
  for (int64_t i = dice.from_to(1, 3); i > 0; --i) {
    Scenario& added = scenarios.emplace_back(scenario("s" + std::to_string(i), any_config(dice)));
    added.start_time = dice.one_in(2) ? 0s : dice.ms(0, 4000);
    added.graceful_stop = dice.one_in(3) ? 0s : dice.ms(1, 1000);
  }
  return scenarios;
}

FakeIteration any_iteration(Dice& dice) {
  FakeIteration iteration;
  if (dice.one_in(2)) iteration.takes = Duration(dice.from_to(0, 80'000'000));
  if (dice.one_in(40)) iteration.takes = dice.ms(100, 3000);
  if (dice.one_in(200)) iteration.takes = kForEver;
  if (dice.one_in(10)) iteration.result = IterationResult::kFailed;
  // Constant VUs with nothing but iterations of no length would never let the time go on.
  iteration.takes = std::max(iteration.takes, Duration(dice.from_to(0, 1) * 500'000));
  return iteration;
}

struct Disturbance {
  bool delayed = false;  // by a stall, a worker without CPU or a pause
  bool aborted = false;
};

// Time passes while one worker gets no CPU.
bool doze(ExecutorRig& rig, Dice& dice, uint32_t workers) {
  if (!dice.one_in(3)) return false;
  const auto sleeper = static_cast<size_t>(dice.from_to(0, workers - 1));
  rig.clock.suspend(sleeper);
  rig.advance(dice.ms(0, 1500));
  rig.clock.wake(sleeper);
  return true;
}

void disturb(ExecutorRig& rig, Dice& dice, uint32_t workers, Disturbance& what) {
  if (dice.one_in(4)) {
    what.delayed = true;
    rig.clock.stall(dice.ms(0, 400));
  }
  if (doze(rig, dice, workers)) what.delayed = true;
  if (dice.one_in(6)) {
    what.delayed = true;
    rig.pause();
    rig.advance(dice.ms(0, 500));
    rig.resume();
  }
}

// Time passes, with stalls, pauses and perhaps an abort that reaches the workers one by one.
Disturbance live(ExecutorRig& rig, Dice& dice, uint32_t workers) {
  Disturbance what;
  const bool quiet = dice.one_in(2);
  const bool may_abort = dice.one_in(3);
  for (int step = 0; step < 12; ++step) {
    rig.advance(dice.ms(0, 500));
    if (!quiet) disturb(rig, dice, workers, what);
    if (!may_abort || !dice.one_in(8)) continue;
    what.aborted = true;
    for (uint32_t worker = 0; worker < workers; ++worker) {
      rig.abort_worker(worker);
      rig.advance(Duration(dice.from_to(0, 5'000'000)));
    }
  }
  rig.advance(1h);
  return what;
}

uint64_t starts_of(const ExecutorRig& rig, const std::string& scenario) {
  return static_cast<uint64_t>(
      std::count_if(rig.starts.begin(), rig.starts.end(),
                    [&](const Start& start) { return start.scenario == scenario; }));
}

uint64_t arrivals_of(const Scenario& scenario) {
  Arrivals arrivals(scenario);
  uint64_t n = 0;
  while (arrivals.due(n))
    ++n;
  return n;
}

// How many iterations the scenario was to have; nothing if that is not a number.
std::optional<uint64_t> planned(const Scenario& scenario) {
  if (const auto* shared = std::get_if<SharedIterations>(&scenario.config))
    return shared->iterations;
  if (const auto* each = std::get_if<PerVuIterations>(&scenario.config))
    return each->vus * each->iterations;
  if (scenario.is_open()) return arrivals_of(scenario);
  return std::nullopt;
}

void check_scenario(ExecutorRig& rig, const Scenario& scenario, bool aborted) {
  const Totals totals = rig.totals(scenario.name);
  const uint64_t started = starts_of(rig, scenario.name);
  CHECK(totals.completed + totals.interrupted == started);
  CHECK(totals.failed <= totals.completed);
  const auto plan = planned(scenario);
  if (plan && !aborted) CHECK(started + totals.dropped == *plan);
  if (plan && aborted) CHECK(started + totals.dropped <= *plan);
}

void check_all(ExecutorRig& rig, const std::vector<Scenario>& scenarios, bool aborted) {
  std::set<std::pair<std::string, uint64_t>> numbers;
  for (const Start& start : rig.starts)
    numbers.emplace(start.scenario, start.number);
  CHECK(numbers.size() == rig.starts.size());
  CHECK(std::set<uint64_t>(rig.made.begin(), rig.made.end()).size() == rig.made.size());
  for (size_t i = 0; i < scenarios.size(); ++i) {
    CAPTURE(i);
    check_scenario(rig, scenarios[i], aborted);
    CHECK(rig.progress(i).active == 0);
    CHECK(rig.active_vus(scenarios[i].name) == 0);
    const Totals totals = rig.totals(scenarios[i].name);
    CHECK(rig.progress(i).completed == totals.completed);
    CHECK(rig.progress(i).interrupted == totals.interrupted);
  }
}

uint64_t planned_in_all(const std::vector<Scenario>& scenarios, uint32_t workers) {
  const VuDeal deal(scenarios, workers);
  const auto& planned = deal.planned();
  return std::accumulate(planned.begin(), planned.end(), uint64_t{0});
}

// Without scenarios taking turns with VUs.
uint64_t planned_apart(const std::vector<Scenario>& scenarios) {
  int64_t sum = 0;
  for (const Scenario& scenario : scenarios)
    sum += scenario.planned_vus();
  return static_cast<uint64_t>(sum);
}

uint64_t most_unplanned(const std::vector<Scenario>& scenarios) {
  int64_t sum = 0;
  for (const Scenario& scenario : scenarios)
    sum += scenario.max_vus() - scenario.planned_vus();
  return static_cast<uint64_t>(sum);
}

TEST_CASE("started = completed + interrupted, whatever runs and whatever happens to it") {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    Dice dice(seed);
    const auto workers = static_cast<uint32_t>(dice.from_to(1, 4));
    const auto scenarios = any_scenarios(dice);
    CAPTURE(workers);
    ExecutorRig rig(scenarios, workers, {.iteration = [&](const VirtualUser&, const Iteration&) {
                      return any_iteration(dice);
                    }});
    if (dice.one_in(2)) rig.message_delay = dice.ms(0, 20);
    if (dice.one_in(4)) rig.min_iteration_duration = dice.ms(1, 50);
    rig.start();
    const Disturbance what = live(rig, dice, workers);
    REQUIRE(rig.done());
    CHECK(rig.told_done() == static_cast<int>(workers * scenarios.size()));
    check_all(rig, scenarios, what.aborted);
    // After a delay a scenario may begin before another has given its VUs back: VUs are made for
    // it, but never more than all scenarios together may have.
    const uint64_t planned =
        what.delayed ? planned_apart(scenarios) : planned_in_all(scenarios, workers);
    CHECK(rig.made.size() <= planned + most_unplanned(scenarios));
  }
}

}  // namespace
}  // namespace perigee
