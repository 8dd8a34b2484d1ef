#include "engine/metrics/timeline.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

constexpr MetricId kHits = 3;

Instant at(int64_t seconds) {
  return Instant(std::chrono::seconds(seconds));
}

// Adds one hit in each of `count` seconds, the first of which is `begin`.
void run(Timeline& timeline, int begin, int count) {
  for (int second = begin; second < begin + count; ++second) {
    timeline.add(kHits, Sink(CounterTotal{.sum = 1, .samples = 1}));
    timeline.tick(at(0), at(second + 1));
  }
}

double hits(const Timeline::Interval& interval) {
  return interval.totals.at(kHits).counter().sum;
}

TEST_CASE("each tick ends an interval that begins where the last one ended") {
  Timeline timeline(4);
  run(timeline, 0, 2);
  REQUIRE(timeline.intervals().size() == 2);
  CHECK(timeline.intervals()[0].from == at(0));
  CHECK(timeline.intervals()[0].to == at(1));
  CHECK(timeline.intervals()[1].from == at(1));
  CHECK(timeline.intervals()[1].to == at(2));
  CHECK(hits(timeline.intervals()[1]) == 1);
}

TEST_CASE("an interval in which nothing happened is there and empty") {
  Timeline timeline(4);
  run(timeline, 0, 1);
  timeline.tick(at(0), at(2));
  REQUIRE(timeline.intervals().size() == 2);
  CHECK(timeline.intervals()[1].totals.empty());
}

TEST_CASE("past the room neighbours are merged and nothing is lost") {
  Timeline timeline(4);
  run(timeline, 0, 5);
  REQUIRE(timeline.intervals().size() == 3);
  CHECK(timeline.intervals()[0].to == at(2));
  CHECK(hits(timeline.intervals()[0]) == 2);
  CHECK(timeline.intervals()[1].to == at(4));
  CHECK(timeline.intervals()[2].to == at(5));
  CHECK(hits(timeline.intervals()[2]) == 1);
}

TEST_CASE("all intervals but the last stay equally long") {
  Timeline timeline(4);
  run(timeline, 0, 19);
  REQUIRE(timeline.intervals().size() == 3);
  CHECK(hits(timeline.intervals()[0]) == 8);
  CHECK(hits(timeline.intervals()[1]) == 8);
  CHECK(hits(timeline.intervals()[2]) == 3);
  CHECK(timeline.intervals()[2].to == at(19));
}

TEST_CASE("an odd room works too") {
  Timeline timeline(3);
  run(timeline, 0, 4);
  REQUIRE(timeline.intervals().size() == 2);
  CHECK(hits(timeline.intervals()[0]) == 2);
  CHECK(hits(timeline.intervals()[1]) == 2);
}

TEST_CASE("an hour takes no more intervals than the limit") {
  Timeline timeline;
  run(timeline, 0, 3600);
  CHECK(timeline.intervals().size() <= 128);
  double total = 0;
  for (const auto& interval : timeline.intervals())
    total += hits(interval);
  CHECK(total == 3600);
}

}  // namespace
}  // namespace perigee
