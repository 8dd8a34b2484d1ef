// Says when the load generator, and not the target, was the limit of a run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/cpu_usage.h"
#include "engine/execution/options.h"
#include "engine/metrics/aggregator.h"

namespace perigee {

// What matters beside the metrics.
struct RunCircumstances {
  uint32_t workers = 1;
  int cpus = 1;                // that may be used
  CpuThrottling throttling{};  // during the load
};

// Sentences with the figures and what to do, for people to read; empty if nothing speaks against
// the run's results.
std::vector<std::string> diagnose(const Aggregator& aggregator, const Options& options,
                                  const RunCircumstances& circumstances);

}  // namespace perigee
