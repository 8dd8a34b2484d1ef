#include "engine/export/native_histogram.h"

#include <cmath>
#include <map>
#include <numeric>
#include <random>

#include <doctest/doctest.h>

namespace perigee::exports {
namespace {

// The counts by index, as a receiver reads them.
std::map<int32_t, int64_t> read(const NativeBuckets& buckets) {
  std::map<int32_t, int64_t> counts;
  int32_t index = 0;
  int64_t count = 0;
  auto delta = buckets.deltas.begin();
  for (const BucketSpan& span : buckets.spans) {
    index += span.offset;
    for (uint32_t i = 0; i < span.length; ++i)
      counts[index++] = count += *delta++;
  }
  CHECK(delta == buckets.deltas.end());
  return counts;
}

int64_t sum_of(const std::map<int32_t, int64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), int64_t{0},
                         [](int64_t sum, const auto& bucket) { return sum + bucket.second; });
}

Histogram random_values(uint64_t seed, int count) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> draw(3, 2);
  Histogram histogram;
  for (int i = 0; i < count; ++i)
    histogram.add((i % 5 == 0 ? -1 : 1) * (i % 7 == 0 ? 0 : draw(random)));
  return histogram;
}

}  // namespace

TEST_CASE("a native bucket ends at a power of 2^(1/8)") {
  Histogram histogram;
  histogram.add(1.5);   // 2^(4/8) = 1.414 to 2^(5/8) = 1.542
  histogram.add(1000);  // 2^(79/8) = 939 to 2^(80/8) = 1024
  histogram.add(0);
  const NativeHistogram native = native_histogram(histogram, 1);
  CHECK(read(native.positive) == std::map<int32_t, int64_t>{{5, 1}, {80, 1}});
  CHECK(native.positive.spans.size() == 2);
  CHECK(native.zeros == 1);
  CHECK(native.count == 3);
  CHECK(native.sum == 1001.5);
}

TEST_CASE("buckets are those of the scaled numbers") {
  Histogram histogram;
  histogram.add(1500);
  CHECK(read(native_histogram(histogram, 0.001).positive) == std::map<int32_t, int64_t>{{5, 1}});
  CHECK(native_histogram(histogram, 0.001).sum == doctest::Approx(1.5));
}

TEST_CASE("the buckets of negative numbers are those of their magnitudes") {
  Histogram histogram;
  histogram.add(-1.5);
  const NativeHistogram native = native_histogram(histogram, 1);
  CHECK(native.positive.deltas.empty());
  CHECK(read(native.negative) == std::map<int32_t, int64_t>{{5, 1}});
}

TEST_CASE("all buckets together hold the count, which receivers insist on") {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const NativeHistogram native = native_histogram(random_values(seed, 1000), 0.001);
    const int64_t in_buckets = sum_of(read(native.positive)) + sum_of(read(native.negative)) +
                               static_cast<int64_t>(native.zeros);
    CHECK(in_buckets == 1000);
    CHECK(native.count == 1000);
  }
}

TEST_CASE("merging before and after makes the same buckets") {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    Histogram whole = random_values(seed, 300);
    const Histogram other = random_values(seed + 100, 500);
    auto apart = read(native_histogram(whole, 0.001).positive);
    for (const auto& [index, count] : read(native_histogram(other, 0.001).positive))
      apart[index] += count;
    whole.merge(other);
    CHECK(read(native_histogram(whole, 0.001).positive) == apart);
  }
}

TEST_CASE("a window of buckets has the lowest ones together where it has no room") {
  Histogram histogram;
  for (const double value : {0.001, 1.5, 1.6, 3.0})
    histogram.add(value);
  const NativeBuckets buckets = native_histogram(histogram, 1).positive;
  const BucketWindow all = window_of(buckets, 1000);
  CHECK(all.counts.size() > 90);
  CHECK(std::accumulate(all.counts.begin(), all.counts.end(), uint64_t{0}) == 4);
  const BucketWindow few = window_of(buckets, 8);
  CHECK(few.first == 6);
  CHECK(few.counts == std::vector<uint64_t>{3, 0, 0, 0, 0, 0, 0, 1});
  CHECK(window_of({}, 8).counts.empty());
}

}  // namespace perigee::exports
