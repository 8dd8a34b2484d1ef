// A distribution as a few bars.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/metrics/histogram.h"

namespace perigee {

struct HistogramBar {
  double from = 0;
  double to = 0;  // what equals it belongs to the next bar, but for the last
  uint64_t count = 0;
};

// From the least to the greatest number in at most `most` steps of one ratio, because latencies
// spread over powers of ten. The numbers must not be negative; zeros belong to the first bar.
// Counts are exact, bounds are within the histogram's error. Empty for an empty histogram.
std::vector<HistogramBar> histogram_bars(const Histogram& histogram, size_t most);

// A bar of eighths of a character, `share` (0 to 1) of `width` characters long. What is not zero
// is seen.
std::string bar_text(double share, size_t width);

}  // namespace perigee
