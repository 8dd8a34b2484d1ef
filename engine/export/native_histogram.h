// A distribution as the native histograms of Prometheus have it: buckets that grow by a factor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/metrics/histogram.h"

namespace perigee::protobuf {
class WireWriter;
}

namespace perigee::exports {

// Buckets one after the other, without gaps.
struct BucketSpan {
  int32_t offset = 0;  // of the first: from 0, or from the end of the span before
  uint32_t length = 0;
};

struct NativeBuckets {
  std::vector<BucketSpan> spans{};
  std::vector<int64_t> deltas{};  // of each bucket's count to that of the one before
};

// Schema 3: eight buckets for each doubling, which is the factor 1.0905.
struct NativeHistogram {
  static constexpr int32_t kSchema = 3;
  // Up to here numbers count as zero: those that are zero, and none else.
  static constexpr double kZeroThreshold = 1e-128;
  uint64_t count = 0;  // what all buckets hold together
  uint64_t zeros = 0;
  double sum = 0;
  NativeBuckets positive{};
  NativeBuckets negative{};
};

// With all numbers times `scale`, which is positive. Each bucket of the histogram goes as a whole
// into the one that its middle falls in, so that what is merged before and after is the same. The
// middle is at most 1/128 away from the numbers.
NativeHistogram native_histogram(const Histogram& histogram, double scale);

// Writes spans as field `spans_field` and deltas as the one after it, as all messages of Prometheus
// have them.
void write_buckets(protobuf::WireWriter& out, uint32_t spans_field, const NativeBuckets& buckets);

// The same buckets as a window of counts, which OpenTelemetry has; those below `room` from the top
// go into the lowest that is left.
struct BucketWindow {
  int32_t first = 0;  // the native index of the first count
  std::vector<uint64_t> counts{};
};
BucketWindow window_of(const NativeBuckets& buckets, size_t room);

}  // namespace perigee::exports
