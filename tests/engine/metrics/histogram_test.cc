#include "engine/metrics/histogram.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace perigee {
namespace {

Histogram of(const std::vector<double>& values) {
  Histogram histogram;
  for (double value : values)
    histogram.add(value);
  return histogram;
}

// k6's percentile of values in ascending order.
double percentile_of(const std::vector<double>& sorted, double p) {
  const double rank = p / 100 * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(rank);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], rank - static_cast<double>(below));
}

// The larger of the two neighbours' sizes: what one percent is taken of.
double scale_at(const std::vector<double>& sorted, double p) {
  const auto below = static_cast<size_t>(p / 100 * static_cast<double>(sorted.size() - 1));
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return std::max(std::abs(sorted[below]), std::abs(sorted[above]));
}

void check_percentiles(std::vector<double> values) {
  const Histogram histogram = of(values);
  std::sort(values.begin(), values.end());
  for (double p : {0.0, 0.1, 1.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.9, 100.0}) {
    const double exact = percentile_of(values, p);
    const double error = std::abs(histogram.percentile(p) - exact);
    INFO("p", p, " is ", exact, ", told is ", histogram.percentile(p));
    CHECK(error <= scale_at(values, p) / 128);
  }
  CHECK(histogram.min() == values.front());
  CHECK(histogram.max() == values.back());
  CHECK(histogram.count() == values.size());
}

TEST_CASE("count, sum, minimum and maximum are exact") {
  const Histogram histogram = of({3.5, -2, 0, 8});
  CHECK(histogram.count() == 4);
  CHECK(histogram.sum() == 9.5);
  CHECK(histogram.avg() == 2.375);
  CHECK(histogram.min() == -2);
  CHECK(histogram.max() == 8);
}

TEST_CASE("an empty histogram tells zeros") {
  const Histogram histogram;
  CHECK(histogram.empty());
  CHECK(histogram.min() == 0);
  CHECK(histogram.max() == 0);
  CHECK(histogram.avg() == 0);
  CHECK(histogram.percentile(95) == 0);
  CHECK(histogram.bytes() == 0);
}

TEST_CASE("one value is told exactly by every percentile") {
  const Histogram histogram = of({117.3});
  CHECK(histogram.percentile(0) == 117.3);
  CHECK(histogram.percentile(50) == 117.3);
  CHECK(histogram.percentile(99.9) == 117.3);
}

TEST_CASE("percentiles interpolate between neighbours as k6's do") {
  const Histogram histogram = of({0, 10});
  CHECK(histogram.percentile(50) == 5);
  CHECK(histogram.percentile(90) == 9);
  CHECK(histogram.percentile(100) == 10);
}

TEST_CASE("a percentile outside 0 to 100 is the end") {
  const Histogram histogram = of({1, 2, 3});
  CHECK(histogram.percentile(-5) == 1);
  CHECK(histogram.percentile(250) == 3);
}

TEST_CASE("zeros lie between the negative and the positive values") {
  const Histogram histogram = of({-4, -3, 0, 0, 0, 5, 6});
  CHECK(histogram.percentile(50) == 0);
  CHECK(histogram.percentile(0) == -4);
  CHECK(histogram.percentile(100) == 6);
}

TEST_CASE("zeros alone are kept exactly, also the negative zero") {
  const Histogram histogram = of({0, -0.0, 0});
  CHECK(histogram.percentile(50) == 0);
  CHECK(histogram.count() == 3);
  CHECK(histogram.bytes() == 0);
}

TEST_CASE("what is not a finite number is left out and counted") {
  Histogram histogram = of({1});
  histogram.add(std::numeric_limits<double>::infinity());
  histogram.add(-std::numeric_limits<double>::infinity());
  histogram.add(std::numeric_limits<double>::quiet_NaN());
  CHECK(histogram.count() == 1);
  CHECK(histogram.refused() == 3);
  CHECK(histogram.max() == 1);
}

TEST_CASE("the middle of a bucket is in the bucket") {
  for (double value : {1.0, -1.0, 63.9, 1e-300, 1e300, -0.001, 123456.789}) {
    const int32_t bucket = Histogram::bucket_of(value);
    CHECK(Histogram::bucket_of(Histogram::middle_of(bucket)) == bucket);
    CHECK(std::abs(Histogram::middle_of(bucket) - value) <= std::abs(value) / 128);
  }
  CHECK(Histogram::bucket_of(std::numeric_limits<double>::max()) <= Histogram::kHighestBucket);
  CHECK(Histogram::bucket_of(std::numeric_limits<double>::lowest()) >= Histogram::kLowestBucket);
}

TEST_CASE("buckets are ordered as the numbers are") {
  double previous = -1e300;
  for (double value : {-5.0, -4.9, -1e-9, 1e-300, 1e-9, 4.9, 5.0, 1e300}) {
    CHECK(Histogram::bucket_of(previous) < Histogram::bucket_of(value));
    previous = value;
  }
}

TEST_CASE("percentiles of random values are within a 128th of the sorted list's") {
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> latency(3, 1);
  std::normal_distribution<double> around_zero(0, 100);
  std::uniform_real_distribution<double> exponent(-300, 300);
  std::uniform_int_distribution<int> small(0, 3);
  const std::vector<std::function<double()>> distributions{
      [&] { return latency(random); },
      [&] { return -latency(random); },
      [&] { return around_zero(random); },
      [&] { return std::pow(10, exponent(random)); },
      [&] { return -std::pow(10, exponent(random)); },
      [&] { return static_cast<double>(small(random)); },
      [&] { return small(random) == 0 ? around_zero(random) : 0; },
  };
  for (const auto& next : distributions) {
    for (const size_t count : {1U, 2U, 3U, 100U, 5000U}) {
      std::vector<double> values(count);
      std::generate(values.begin(), values.end(), next);
      check_percentiles(values);
    }
  }
}

TEST_CASE("the greatest and the smallest doubles are values like others") {
  using Limits = std::numeric_limits<double>;
  check_percentiles({Limits::max(), Limits::lowest(), Limits::min(), -Limits::min(), 0, 1, 1, 1});
  const Histogram histogram = of({Limits::denorm_min(), Limits::denorm_min()});
  CHECK(histogram.percentile(50) == Limits::denorm_min());
}

TEST_CASE("an hour of latencies takes a few kilobytes") {
  std::mt19937_64 random(1);
  std::lognormal_distribution<double> latency(3, 1);
  Histogram histogram;
  for (int i = 0; i < 1'000'000; ++i)
    histogram.add(latency(random));
  CHECK(histogram.bytes() < 16 * 1024);
}

TEST_CASE("a histogram that was moved from is empty and can be used again") {
  Histogram histogram = of({1, 2, 3, 0});
  const Histogram taken = std::move(histogram);
  CHECK(taken.count() == 4);
  // NOLINTNEXTLINE(bugprone-use-after-move): the contract under test.
  CHECK(histogram.empty());
  histogram.add(2);
  CHECK(histogram.count() == 1);
  CHECK(histogram.min() == 2);
  CHECK(histogram.percentile(50) == 2);
  CHECK(taken.max() == 3);
}

TEST_CASE("a histogram made from its parts is the same") {
  Histogram histogram = of({-7, 0, 0, 1.5, 1.5, 900});
  histogram.add(std::numeric_limits<double>::infinity());
  const Histogram copy = Histogram::from(histogram.parts());
  CHECK(copy.count() == 6);
  CHECK(copy.refused() == 1);
  CHECK(copy.sum() == histogram.sum());
  CHECK(copy.min() == -7);
  CHECK(copy.max() == 900);
  CHECK(copy.percentile(75) == histogram.percentile(75));
  CHECK(copy.parts().buckets == histogram.parts().buckets);
}

TEST_CASE("parts that contradict each other are refused") {
  Histogram::Parts parts = of({1, 2, 4}).parts();
  SUBCASE("buckets out of order") {
    std::swap(parts.buckets[0], parts.buckets[1]);
  }
  SUBCASE("a bucket without counts") {
    parts.buckets[0].second = 0;
  }
  SUBCASE("more counts than fit") {
    parts.buckets[0].second = ~uint64_t{0};
  }
  SUBCASE("a bucket beyond the last") {
    parts.buckets[2].first = Histogram::kHighestBucket + 1;
  }
  SUBCASE("a minimum above the maximum") {
    parts.min = 5;
  }
  SUBCASE("a maximum that is no number") {
    parts.max = std::nan("");
  }
  CHECK_THROWS_AS(Histogram::from(parts), std::runtime_error);
}

}  // namespace
}  // namespace perigee
