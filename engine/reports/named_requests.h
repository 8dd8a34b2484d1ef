// The requests of a run by name.
#pragma once

#include <vector>

#include "engine/metrics/aggregator.h"
#include "engine/reports/report.h"

namespace perigee::reports {

// The most frequent ones first.
std::vector<NamedRequests> named_requests(const Aggregator& aggregator);

}  // namespace perigee::reports
