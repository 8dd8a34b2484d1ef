#include "engine/metrics/threshold.h"

#include <string>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

using Kind = Aggregate::Kind;

bool holds_for(const std::string& source, double value) {
  return holds(parse_threshold(source), value);
}

Sink sink_of(MetricKind kind, std::initializer_list<double> values) {
  Sink sink(kind);
  for (double value : values)
    sink.add(value, Instant{});
  return sink;
}

TEST_CASE("a threshold is an aggregate, an operator and a number") {
  const Threshold threshold = parse_threshold("p(99.5)<=200.25");
  CHECK(threshold.source == "p(99.5)<=200.25");
  CHECK(threshold.aggregate == Aggregate{Kind::kPercentile, 99.5});
  CHECK(threshold.op == Comparison::kLessOrEqual);
  CHECK(threshold.limit == 200.25);
  CHECK_FALSE(threshold.abort_on_fail);
}

TEST_CASE("spaces are allowed around the operator") {
  const Threshold threshold = parse_threshold("  rate >  0.99 ");
  CHECK(threshold.aggregate.kind == Kind::kRate);
  CHECK(threshold.limit == 0.99);
}

TEST_CASE("limits may have a sign or an exponent") {
  CHECK(parse_threshold("min>-5").limit == -5);
  CHECK(parse_threshold("count<+1e6").limit == 1'000'000);
}

TEST_CASE("each operator compares as it says") {
  CHECK(holds_for("avg<5", 4.9));
  CHECK_FALSE(holds_for("avg<5", 5));
  CHECK(holds_for("avg<=5", 5));
  CHECK(holds_for("avg>5", 5.1));
  CHECK_FALSE(holds_for("avg>5", 5));
  CHECK(holds_for("avg>=5", 5));
  CHECK(holds_for("avg==5", 5));
  CHECK(holds_for("avg===5", 5));
  CHECK_FALSE(holds_for("avg===5", 6));
  CHECK(holds_for("avg!=5", 6));
  CHECK_FALSE(holds_for("avg!=5", 5));
}

TEST_CASE("a malformed threshold is an error that names it and what is allowed") {
  CHECK_THROWS_WITH_AS(
      parse_threshold("p95<200"),
      "threshold \"p95<200\" is malformed: it does not begin with an aggregate; write an aggregate "
      "(count, rate, value, avg, min, med, max or p(N) with N from 0 to 100), one of "
      "< <= > >= == === != and a number, such as \"p(95)<200\"",
      ConfigError);
  for (const char* source : {"", "avg", "avg<", "<5", "avg=5", "avg=<5", "avg<5ms", "avg<nan",
                             "avg<inf", "avg<5<6", "mean<5", "p(101)<5", "avg!5"}) {
    CAPTURE(source);
    CHECK_THROWS_AS(parse_threshold(source), ConfigError);
  }
}

TEST_CASE("each kind of metric has its own aggregates") {
  const Metric counter{0, "hits", MetricKind::kCounter, ValueKind::kDefault};
  const Metric gauge{1, "level", MetricKind::kGauge, ValueKind::kDefault};
  const Metric rate{2, "passed", MetricKind::kRate, ValueKind::kDefault};
  const Metric trend{3, "latency", MetricKind::kTrend, ValueKind::kTime};
  CHECK_NOTHROW(check_aggregate(parse_threshold("count>1"), counter));
  CHECK_NOTHROW(check_aggregate(parse_threshold("rate>1"), counter));
  CHECK_NOTHROW(check_aggregate(parse_threshold("value>1"), gauge));
  CHECK_NOTHROW(check_aggregate(parse_threshold("rate>1"), rate));
  CHECK_NOTHROW(check_aggregate(parse_threshold("p(95)>1"), trend));
  CHECK_NOTHROW(check_aggregate(parse_threshold("med>1"), trend));
  CHECK_THROWS_AS(check_aggregate(parse_threshold("value>1"), counter), ConfigError);
  CHECK_THROWS_AS(check_aggregate(parse_threshold("rate>1"), gauge), ConfigError);
  CHECK_THROWS_AS(check_aggregate(parse_threshold("avg>1"), rate), ConfigError);
  CHECK_THROWS_WITH_AS(check_aggregate(parse_threshold("count>1"), trend),
                       "threshold \"count>1\" does not fit \"latency\": a trend has avg, min, med, "
                       "max and p(N), not count",
                       ConfigError);
}

TEST_CASE("a counter is judged by its sum or by its rate over the load phase") {
  const Sink sink = sink_of(MetricKind::kCounter, {40, 60});
  CHECK(observed(parse_threshold("count>1"), sink, 10) == 100);
  CHECK(observed(parse_threshold("rate>1"), sink, 10) == 10);
  CHECK(observed(parse_threshold("rate>1"), sink, 0) == 0);
}

TEST_CASE("gauges, rates and trends are judged by their own numbers") {
  CHECK(observed(parse_threshold("value>1"), sink_of(MetricKind::kGauge, {3, 7}), 1) == 7);
  CHECK(observed(parse_threshold("rate>1"), sink_of(MetricKind::kRate, {1, 0, 0, 0}), 1) == 0.25);
  const Sink trend = sink_of(MetricKind::kTrend, {0, 10});
  CHECK(observed(parse_threshold("max>1"), trend, 1) == 10);
  CHECK(observed(parse_threshold("p(90)>1"), trend, 1) == 9);
}

TEST_CASE("there is nothing to observe without samples") {
  CHECK_FALSE(observed(parse_threshold("count>1"), Sink(MetricKind::kCounter), 1).has_value());
  CHECK_FALSE(observed(parse_threshold("avg>1"), Sink(MetricKind::kTrend), 1).has_value());
}

}  // namespace
}  // namespace perigee
