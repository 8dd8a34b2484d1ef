// A distribution as the classic histograms of Prometheus have it: counts up to fixed bounds.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/metrics/histogram.h"
#include "engine/metrics/metric.h"

namespace perigee::exports {

// In ascending order, without infinity: of times in seconds.
std::span<const double> classic_bounds(ValueKind contains);

// How many numbers, times `scale`, are at most each of the bounds. A bucket of the histogram counts
// where its middle falls.
std::vector<uint64_t> cumulative_counts(const Histogram& histogram, double scale,
                                        std::span<const double> bounds);

}  // namespace perigee::exports
