#include "engine/execution/vu_needs.h"

#include "engine/execution/vu_plan.h"

namespace perigee {

std::vector<VuNeed> vu_needs(const Scenario& scenario) {
  const Duration regular_end = scenario.duration();
  const Duration end = regular_end + scenario.graceful_stop;
  const int64_t unplanned = scenario.max_vus() - scenario.planned_vus();
  const VuPlan plan = vu_plan(scenario);
  std::vector<VuNeed> needs{{scenario.start_time, plan.held_at(Duration::zero()), unplanned}};
  for (auto at = plan.next_change(Duration::zero()); at; at = plan.next_change(*at)) {
    if (*at >= end && *at != regular_end) break;
    const int64_t planned = plan.held_at(*at);
    if (planned == needs.back().planned) continue;
    // As in k6, what a ramp comes to at its very end is planned for.
    const Duration from = *at == regular_end ? *at - Duration(1) : *at;
    needs.push_back({scenario.start_time + from, planned, unplanned});
  }
  needs.push_back({scenario.start_time + end, 0, 0});
  return needs;
}

std::vector<VuChange> all_changes(const std::vector<Scenario>& scenarios) {
  std::vector<VuChange> changes;
  for (size_t i = 0; i < scenarios.size(); ++i) {
    for (const VuNeed& need : vu_needs(scenarios[i]))
      changes.push_back({i, need});
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const VuChange& a, const VuChange& b) { return a.need.at < b.need.at; });
  return changes;
}

ExecutionRequirements execution_requirements(const std::vector<Scenario>& scenarios) {
  const auto changes = all_changes(scenarios);
  if (changes.empty()) return {};
  const uint64_t most = most_at_one_time(changes, scenarios.size(), [](const VuChange& change) {
    return static_cast<uint64_t>(change.need.planned + change.need.unplanned);
  });
  return {changes.back().need.at, static_cast<int64_t>(most)};
}

}  // namespace perigee
