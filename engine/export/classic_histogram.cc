#include "engine/export/classic_histogram.h"

namespace perigee::exports {
namespace {

constexpr double kSeconds[] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                               0.5,    1,     2.5,    5,     10,   25,    50,   100};
constexpr double kBytes[] = {64,         256,         1'024,        4'096,     16'384,
                             65'536,     262'144,     1'048'576,    4'194'304, 16'777'216,
                             67'108'864, 268'435'456, 1'073'741'824};
constexpr double kPlain[] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                             1,     2.5,    5,     10,   25,    50,   100, 250,  500,
                             1'000, 2'500,  5'000, 1e4,  2.5e4, 5e4,  1e5, 1e6};

}  // namespace

std::span<const double> classic_bounds(ValueKind contains) {
  switch (contains) {
    case ValueKind::kTime:
      return kSeconds;
    case ValueKind::kData:
      return kBytes;
    case ValueKind::kDefault:
      break;
  }
  return kPlain;
}

std::vector<uint64_t> cumulative_counts(const Histogram& histogram, double scale,
                                        std::span<const double> bounds) {
  const Histogram::Parts parts = histogram.parts();
  std::vector<uint64_t> counts;
  counts.reserve(bounds.size());
  auto bucket = parts.buckets.begin();
  uint64_t below = 0;
  bool zeros_passed = false;
  for (const double bound : bounds) {
    for (; bucket != parts.buckets.end(); ++bucket) {
      if (Histogram::middle_of(bucket->first) * scale > bound) break;
      below += bucket->second;
    }
    if (!zeros_passed && bound >= 0) {
      zeros_passed = true;
      below += parts.zeros;
    }
    counts.push_back(below);
  }
  return counts;
}

}  // namespace perigee::exports
