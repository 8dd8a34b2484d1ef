// A summary from the data that a script's handleSummary was given, and may have changed.
#pragma once

#include <string>

#include "engine/output/summary.h"

namespace perigee {

// Reads what `summary_data` wrote. Metrics are sorted as in a summary; thresholds are known as far
// as the values tell. Throws std::runtime_error naming what is not as it should be.
Summary read_summary_data(const std::string& json);

}  // namespace perigee
