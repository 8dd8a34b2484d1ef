#include "engine/export/native_histogram.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/protobuf/wire_writer.h"

namespace perigee::exports {
namespace {

// By the index of the bucket that ends at 2^(index / 8).
using Counts = std::map<int32_t, uint64_t>;

int32_t index_of(double magnitude) {
  return static_cast<int32_t>(std::ceil(std::log2(magnitude) * (1 << NativeHistogram::kSchema)));
}

NativeBuckets encode(const Counts& counts) {
  NativeBuckets buckets;
  int32_t end = 0;
  int64_t before = 0;
  for (const auto& [index, count] : counts) {
    if (buckets.spans.empty() || index != end) buckets.spans.push_back({index - end, 0});
    ++buckets.spans.back().length;
    buckets.deltas.push_back(static_cast<int64_t>(count) - before);
    before = static_cast<int64_t>(count);
    end = index + 1;
  }
  return buckets;
}

}  // namespace

NativeHistogram native_histogram(const Histogram& histogram, double scale) {
  const Histogram::Parts parts = histogram.parts();
  NativeHistogram native{
      .count = histogram.count(), .zeros = parts.zeros, .sum = parts.sum * scale};
  Counts positive;
  Counts negative;
  for (const auto& [bucket, count] : parts.buckets) {
    const double middle = Histogram::middle_of(bucket) * scale;
    (middle > 0 ? positive : negative)[index_of(std::abs(middle))] += count;
  }
  native.positive = encode(positive);
  native.negative = encode(negative);
  return native;
}

void write_buckets(protobuf::WireWriter& out, uint32_t spans_field, const NativeBuckets& buckets) {
  for (const BucketSpan& span : buckets.spans) {
    const auto message = out.begin(spans_field);
    out.sint_field(1, span.offset);
    out.uint_field(2, span.length);
    out.end(message);
  }
  if (buckets.deltas.empty()) return;
  const auto packed = out.begin(spans_field + 1);
  for (const int64_t delta : buckets.deltas)
    out.varint(protobuf::zigzag(delta));
  out.end(packed);
}

BucketWindow window_of(const NativeBuckets& buckets, size_t room) {
  Counts counts;
  int32_t index = 0;
  int64_t count = 0;
  auto delta = buckets.deltas.begin();
  for (const BucketSpan& span : buckets.spans) {
    index += span.offset;
    for (uint32_t i = 0; i < span.length; ++i)
      counts[index++] = static_cast<uint64_t>(count += *delta++);
  }
  BucketWindow window;
  if (counts.empty()) return window;
  const int32_t last = counts.rbegin()->first;
  window.first = std::max(counts.begin()->first, last - static_cast<int32_t>(room) + 1);
  window.counts.resize(static_cast<size_t>(last - window.first) + 1);
  for (const auto& [place, added] : counts)
    window.counts[static_cast<size_t>(std::max(place, window.first) - window.first)] += added;
  return window;
}

}  // namespace perigee::exports
