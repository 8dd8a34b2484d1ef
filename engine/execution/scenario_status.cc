#include "engine/execution/scenario_status.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/execution/arrival_schedule.h"
#include "engine/execution/vu_plan.h"

namespace perigee {
namespace {

// How many iterations there will be; 0 where that is not given.
int64_t given_iterations(const ExecutorConfig& config) {
  if (const auto* shared = std::get_if<SharedIterations>(&config)) return shared->iterations;
  if (const auto* each = std::get_if<PerVuIterations>(&config)) return each->iterations * each->vus;
  return 0;
}

double rate_now(const Scenario& scenario, const ScenarioChange& change, Duration elapsed) {
  const double rate = change.rate ? *change.rate / to_seconds(time_unit(scenario))
                                  : arrival_schedule(scenario).rate_at(elapsed);
  return rate * scenario.share.fraction();
}

int64_t vus_now(const Scenario& scenario, const ScenarioChange& change, Duration elapsed) {
  if (!change.vus) return vu_plan(scenario).vus_at(elapsed);
  return static_cast<int64_t>(scenario.share.count(static_cast<uint64_t>(*change.vus)));
}

std::string detail(const Scenario& scenario, const ScenarioChange& change,
                   const ScenarioProgress& progress, Duration elapsed) {
  const uint64_t ended = progress.completed + progress.interrupted;
  if (const int64_t total = given_iterations(scenario.config)) {
    const bool shared = std::holds_alternative<SharedIterations>(scenario.config);
    return fmt::format("{}/{} {}", ended, total, shared ? "shared iters" : "iters");
  }
  if (scenario.is_open()) {
    return fmt::format("{}/{} VUs, {:.2f} iters/s", progress.active.load(), scenario.max_vus(),
                       rate_now(scenario, change, elapsed));
  }
  const int64_t vus = vus_now(scenario, change, elapsed);
  if (std::holds_alternative<RampingVus>(scenario.config)) {
    return fmt::format("{}/{} VUs", vus, std::max(vus, scenario.max_vus()));
  }
  return fmt::format("{} VUs", vus);
}

bool all_failed(const ScenarioProgress& progress) {
  const uint64_t failed = progress.failed();
  return failed > 0 && failed == progress.completed.load();
}

}  // namespace

ScenarioStatus scenario_status(const Scenario& scenario, const ScenarioChange& change,
                               const ScenarioProgress& progress, Duration elapsed, LoadState load) {
  ScenarioStatus status;
  status.name = scenario.name;
  status.duration = scenario.duration();
  status.started = elapsed >= scenario.start_time;
  status.elapsed = std::clamp(elapsed - scenario.start_time, Duration{}, status.duration);
  status.detail = detail(scenario, change, progress, status.elapsed);
  const uint64_t ended = progress.completed + progress.interrupted;
  if (const int64_t total = given_iterations(scenario.config)) {
    status.fraction = static_cast<double>(ended) / static_cast<double>(total);
  } else if (status.duration > Duration::zero()) {
    status.fraction = to_seconds(status.elapsed) / to_seconds(status.duration);
  } else {
    status.fraction = status.started ? 1 : 0;
  }
  const bool complete = status.fraction >= 1;
  status.done = complete || load != LoadState::kGoesOn;
  status.failed =
      (load == LoadState::kCutShort && !complete) || (status.done && all_failed(progress));
  return status;
}

}  // namespace perigee
