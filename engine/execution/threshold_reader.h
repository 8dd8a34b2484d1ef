// Thresholds from their JSON.
#pragma once

#include <vector>

#include "engine/execution/json_reader.h"
#include "engine/metrics/threshold.h"

namespace perigee {

// Reads the option `thresholds`, sorted by metric; without it there are none. Throws ConfigError
// naming metric and key.
std::vector<ThresholdDefinition> read_thresholds(const JsonReader& options);

}  // namespace perigee
