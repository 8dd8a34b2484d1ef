// Says which scenarios' iterations ended with an error.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "engine/execution/scenario.h"
#include "engine/execution/scenario_progress.h"

namespace perigee {

// A sentence with the first error for each scenario that had one, which is named where there are
// several. The progress is that of the scenarios, in their order.
std::vector<std::string> describe_iteration_errors(const std::vector<Scenario>& scenarios,
                                                   const std::deque<ScenarioProgress>& progress);

}  // namespace perigee
