// What the metrics of every run are, in a sentence for those who see them elsewhere.
#pragma once

#include <string>

#include "engine/metrics/metric.h"

namespace perigee::exports {

// Of others, such as those that a script has made, what kind they are.
std::string help_of(const Metric& metric);

}  // namespace perigee::exports
