#include "engine/metrics/aggregate.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

using Kind = Aggregate::Kind;

TEST_CASE("aggregates are read and spelt alike") {
  CHECK(parse_aggregate("avg") == Aggregate{Kind::kAvg, 0});
  CHECK(parse_aggregate("p(95)") == Aggregate{Kind::kPercentile, 95});
  CHECK(parse_aggregate("p(99.9)") == Aggregate{Kind::kPercentile, 99.9});
  CHECK(parse_aggregate("p(0)") == Aggregate{Kind::kPercentile, 0});
  CHECK(to_string(Aggregate{Kind::kPercentile, 95}) == "p(95)");
  CHECK(to_string(Aggregate{Kind::kPercentile, 99.9}) == "p(99.9)");
  CHECK(to_string(Aggregate{Kind::kMed, 0}) == "med");
}

TEST_CASE("what is no aggregate is not read") {
  CHECK_FALSE(parse_aggregate("").has_value());
  CHECK_FALSE(parse_aggregate("mean").has_value());
  CHECK_FALSE(parse_aggregate("p()").has_value());
  CHECK_FALSE(parse_aggregate("p(95").has_value());
  CHECK_FALSE(parse_aggregate("p95").has_value());
  CHECK_FALSE(parse_aggregate("p(101)").has_value());
  CHECK_FALSE(parse_aggregate("p(-1)").has_value());
  CHECK_FALSE(parse_aggregate("p(nan)").has_value());
  CHECK_FALSE(parse_aggregate("p(9 5)").has_value());
}

TEST_CASE("each aggregate is a number of the trend") {
  Histogram trend;
  for (double value : {0.0, 10.0, 0.0, 10.0})
    trend.add(value);
  CHECK(value_of({Kind::kCount, 0}, trend) == 4);
  CHECK(value_of({Kind::kAvg, 0}, trend) == 5);
  CHECK(value_of({Kind::kMin, 0}, trend) == 0);
  CHECK(value_of({Kind::kMax, 0}, trend) == 10);
  CHECK(value_of({Kind::kPercentile, 100}, trend) == 10);
  CHECK(value_of({Kind::kPercentile, 10}, trend) == 0);
}

}  // namespace
}  // namespace perigee
