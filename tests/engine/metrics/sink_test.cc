#include "engine/metrics/sink.h"

#include <limits>
#include <utility>

#include <doctest/doctest.h>

namespace perigee {
namespace {

Instant at(int64_t seconds) {
  return Instant(std::chrono::seconds(seconds));
}

TEST_CASE("a counter adds up") {
  Sink sink(MetricKind::kCounter);
  CHECK(sink.empty());
  sink.add(2, at(1));
  sink.add(0.5, at(2));
  CHECK(sink.counter().sum == 2.5);
  CHECK(sink.samples() == 2);
}

TEST_CASE("a counter of zeros is not empty") {
  Sink sink(MetricKind::kCounter);
  sink.add(0, at(1));
  CHECK_FALSE(sink.empty());
}

TEST_CASE("a gauge keeps the last value, the least and the greatest") {
  Sink sink(MetricKind::kGauge);
  sink.add(5, at(1));
  sink.add(-1, at(2));
  sink.add(3, at(3));
  CHECK(sink.gauge().value == 3);
  CHECK(sink.gauge().min == -1);
  CHECK(sink.gauge().max == 5);
}

TEST_CASE("a gauge's value is the latest, not the one that was added last") {
  Sink sink(MetricKind::kGauge);
  sink.add(5, at(-1));
  sink.add(6, at(-2));
  CHECK(sink.gauge().value == 5);
}

TEST_CASE("of two gauges the later value wins, whichever is merged into the other") {
  Sink early(MetricKind::kGauge);
  early.add(1, at(1));
  Sink late(MetricKind::kGauge);
  late.add(2, at(2));
  Sink forward = early;
  forward.merge(late);
  Sink backward = late;
  backward.merge(early);
  CHECK(forward.gauge().value == 2);
  CHECK(backward.gauge().value == 2);
  CHECK(backward.gauge().min == 1);
}

TEST_CASE("merging an empty gauge changes nothing, also for instants before the clock's zero") {
  Sink sink(MetricKind::kGauge);
  sink.add(4, at(5));
  sink.merge(Sink(MetricKind::kGauge));
  CHECK(sink.gauge().value == 4);
  Sink before_zero(GaugeReading{.value = 7, .min = 7, .max = 7, .at = at(-5), .samples = 1});
  Sink empty(MetricKind::kGauge);
  empty.merge(before_zero);
  CHECK(empty.gauge().value == 7);
}

TEST_CASE("a rate counts what is not zero") {
  Sink sink(MetricKind::kRate);
  for (double value : {1.0, 0.0, -2.0, 1.0})
    sink.add(value, at(1));
  CHECK(sink.rate().nonzero == 3);
  CHECK(sink.rate().total == 4);
  CHECK(sink.rate().share() == 0.75);
  CHECK(RateTotal{}.share() == 0);
}

TEST_CASE("a trend keeps the distribution") {
  Sink sink(MetricKind::kTrend);
  sink.add(10, at(1));
  sink.add(20, at(2));
  CHECK(sink.trend().avg() == 15);
  CHECK(sink.samples() == 2);
}

TEST_CASE("a trend that is moved into another leaves nothing behind twice") {
  Sink total(MetricKind::kTrend);
  Sink first(MetricKind::kTrend);
  first.add(1, at(1));
  total.merge(std::move(first));
  Sink second(MetricKind::kTrend);
  second.add(3, at(1));
  total.merge(std::move(second));
  CHECK(total.trend().count() == 2);
  CHECK(total.trend().max() == 3);
}

TEST_CASE("what a trend refused is still known after a merge") {
  Sink total(MetricKind::kTrend);
  total.add(std::numeric_limits<double>::infinity(), at(1));
  Sink other(MetricKind::kTrend);
  other.add(3, at(1));
  total.merge(std::move(other));
  CHECK(total.trend().refused() == 1);
  CHECK(total.trend().count() == 1);
}

}  // namespace
}  // namespace perigee
