// How many VUs the scenarios of a run need over time, graceful periods included.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/base/clock.h"
#include "engine/execution/scenario.h"

namespace perigee {

// From `at` on, counted from the start of the load.
struct VuNeed {
  Duration at{};
  int64_t planned = 0;    // VUs it must have
  int64_t unplanned = 0;  // VUs it may make in addition

  bool operator==(const VuNeed&) const = default;
};

// The changes of one scenario's need, in order; the last is that it needs none any more.
std::vector<VuNeed> vu_needs(const Scenario& scenario);

struct VuChange {
  size_t scenario;
  VuNeed need;
};

// Of all scenarios, in the order of time.
std::vector<VuChange> all_changes(const std::vector<Scenario>& scenarios);

// The highest sum over the scenarios of what `count` tells of their needs. A scenario that ends
// leaves its VUs to one that starts at the same instant, so only what is needed once everything of
// an instant has happened counts.
template <typename Count>
uint64_t most_at_one_time(const std::vector<VuChange>& changes, size_t scenarios, Count count) {
  std::vector<uint64_t> needs(scenarios);
  uint64_t sum = 0;
  uint64_t most = 0;
  for (size_t i = 0; i < changes.size(); ++i) {
    uint64_t& need = needs[changes[i].scenario];
    sum -= need;
    need = count(changes[i]);
    sum += need;
    const bool last = i + 1 == changes.size() || changes[i + 1].need.at != changes[i].need.at;
    if (last) most = std::max(most, sum);
  }
  return most;
}

// What a run takes, as machines are chosen by it.
struct ExecutionRequirements {
  Duration total_duration{};  // until every graceful stop is over
  int64_t max_vus = 0;        // the most at one time, those included that may be made
};
ExecutionRequirements execution_requirements(const std::vector<Scenario>& scenarios);

}  // namespace perigee
