// The summary as the argument of a script's handleSummary.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/output/summary.h"

namespace perigee {

// What scripts are told besides the figures.
struct SummaryState {
  bool no_color = false;
  bool stdout_is_terminal = false;
  bool stderr_is_terminal = false;
};

// In the shape of k6's `data`, without what setup returned: lists of groups and checks, {"ok"} of
// thresholds true when they hold. Names keep their bytes.
nlohmann::json summary_data(const Summary& summary, const SummaryState& state);

}  // namespace perigee
