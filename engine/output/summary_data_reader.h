// A summary from the data that a script's handleSummary was given, and may have changed.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/output/summary.h"

namespace perigee {

// Reads what `summary_data` made. Metrics are sorted as in a summary; thresholds are known as far
// as the values tell. Throws std::runtime_error naming what is not as it should be.
Summary read_summary_data(const nlohmann::json& data);

}  // namespace perigee
