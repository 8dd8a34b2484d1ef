// The parts of a summary by scenario and by group, for those who want to see all.
#pragma once

#include <string>
#include <vector>

#include "engine/metrics/aggregator.h"
#include "engine/output/summary.h"

namespace perigee {

// Merges the run's series into a block for each group outside of named scenarios and one for each
// named scenario with its groups, in the order in which they were first seen. As in k6, the
// scenario "default" is the whole run, setup and teardown are no groups, and what a group measures
// is not in the group around it.
SummaryBlocks make_blocks(const Aggregator& aggregator, const SummarySettings& settings);

}  // namespace perigee
