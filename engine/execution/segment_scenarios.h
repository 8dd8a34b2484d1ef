// Scenarios as one instance of a test runs them.
#pragma once

#include <vector>

#include "engine/execution/scenario.h"
#include "engine/execution/segment_share.h"

namespace perigee {

// Each with the VUs and iterations that fall to `share`; those without any are left out. Over the
// segments of a sequence VUs and iterations add up to those of `scenarios`, and arrivals are due at
// the same instants.
std::vector<Scenario> scenarios_of_segment(const std::vector<Scenario>& scenarios,
                                           const SegmentShare& share);

}  // namespace perigee
