#include "engine/export/classic_histogram.h"

#include <algorithm>

#include <doctest/doctest.h>

namespace perigee::exports {

TEST_CASE("each bound counts all numbers up to it") {
  Histogram histogram;
  for (const double value : {-3.0, 0.0, 0.4, 1.5, 1.5, 30.0})
    histogram.add(value);
  const double bounds[] = {-5, -1, 0, 1, 2, 10};
  CHECK(cumulative_counts(histogram, 1, bounds) == std::vector<uint64_t>{0, 1, 2, 3, 5, 5});
}

TEST_CASE("bounds are those of the scaled numbers") {
  Histogram histogram;
  histogram.add(700);
  const double bounds[] = {0.5, 1};
  CHECK(cumulative_counts(histogram, 0.001, bounds) == std::vector<uint64_t>{0, 1});
}

TEST_CASE("bounds ascend for every kind of number") {
  for (const ValueKind kind : {ValueKind::kDefault, ValueKind::kTime, ValueKind::kData}) {
    const auto bounds = classic_bounds(kind);
    CHECK(std::adjacent_find(bounds.begin(), bounds.end(), std::greater_equal<>()) == bounds.end());
  }
}

}  // namespace perigee::exports
