// What went wrong in a run, by kind.
#pragma once

#include <vector>

#include "engine/metrics/aggregator.h"
#include "engine/reports/report.h"

namespace perigee::reports {

// Requests that failed by their status or error, checks that did not hold, and the counters of what
// is amiss; the most frequent first.
std::vector<FailureKind> failure_kinds(const Aggregator& aggregator);

}  // namespace perigee::reports
