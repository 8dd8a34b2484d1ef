#include "engine/compare/metric_parts.h"

#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/compare/comparison.h"
#include "engine/compare/fail_condition.h"
#include "engine/reports/time_series.h"

namespace perigee::compare {
namespace {

using std::chrono::seconds;

struct Run {
  // A run of so many seconds whose requests of "slow" take this long, and those of "fast" 10 ms.
  ComparedRun play(double slow, int length = 120) {
    reports::TimeSeries whole(registry);
    reports::TimeSeries of_parts(parts.registry());
    PartRecorder recorder(registry, parts, whole, of_parts);
    recorder.begin({});
    for (int second = 1; second <= length; ++second) {
      Snapshot snapshot;
      for (const bool is_slow : {true, false}) {
        SeriesDelta delta{duration, is_slow ? slow_tags : fast_tags, Sink(MetricKind::kTrend)};
        for (int i = 0; i < 10; ++i)
          delta.sink.add((is_slow ? slow : 10) + (i + second) % 5, {});
        snapshot.series.push_back(std::move(delta));
      }
      recorder.add(snapshot);
      recorder.tick({.at = Instant{} + seconds(second)});
    }
    return {.name = "run", .steps = whole.steps(), .part_steps = of_parts.steps()};
  }

  using Tags = std::shared_ptr<const TagSet>;
  MetricRegistry registry;
  MetricId duration = registry.add("http_req_duration", MetricKind::kTrend, ValueKind::kTime);
  MetricParts parts{{"name"}};
  Tags slow_tags = std::make_shared<const TagSet>(TagSet{{"name", "slow"}, {"status", "200"}});
  Tags fast_tags = std::make_shared<const TagSet>(TagSet{{"name", "fast"}, {"status", "200"}});
};

}  // namespace

TEST_CASE("what is slower in one part is seen there and not in the other") {
  Run run;
  const ComparedRun base = run.play(20);
  const ComparedRun now = run.play(30);
  const Comparison comparison = compare({base}, {now}, run.registry, {}, &run.parts);
  const Figure* slow = comparison.find("http_req_duration{name:slow}", "avg");
  const Figure* fast = comparison.find("http_req_duration{name:fast}", "avg");
  REQUIRE(slow != nullptr);
  REQUIRE(fast != nullptr);
  CHECK(slow->base == doctest::Approx(22));
  CHECK(slow->now == doctest::Approx(32));
  CHECK(slow->verdict == Verdict::kWorse);
  CHECK(slow->contains == ValueKind::kTime);
  CHECK(fast->verdict == Verdict::kNoDifference);
  CHECK(comparison.find("http_req_duration", "avg")->base == doctest::Approx(17));
}

TEST_CASE("a condition about a part is met by that part alone") {
  Run run;
  run.parts.add(*part_of_condition("http_req_duration{status:200,name:slow} med worse by 5%"));
  const ComparedRun base = run.play(20);
  const ComparedRun now = run.play(30);
  const Comparison comparison = compare({base}, {now}, run.registry, {}, &run.parts);
  const auto is_met_by = [&](std::string_view source) {
    return is_met(parse_fail_condition(source, run.registry, run.parts), comparison);
  };
  CHECK(is_met_by("http_req_duration{name:slow} med worse by 30%"));
  CHECK(is_met_by("http_req_duration{status:200, name:slow} med worse by 30%"));
  CHECK_FALSE(is_met_by("http_req_duration{name:fast} med worse by 1%"));
}

TEST_CASE("metrics come first, and then their parts by name") {
  Run run;
  const ComparedRun base = run.play(20, 2);
  const Comparison comparison = compare({base}, {base}, run.registry, {}, &run.parts);
  REQUIRE(comparison.figures.size() == 12);
  CHECK(comparison.figures[0].metric == "http_req_duration");
  CHECK(comparison.figures[4].metric == "http_req_duration{name:fast}");
  CHECK(comparison.figures[8].metric == "http_req_duration{name:slow}");
}

TEST_CASE("a part is called by its tags, whatever they hold") {
  CHECK(part_name("a", {{"x", "1"}, {"b", "c d"}}) == "a{b:c d,x:1}");
  CHECK(part_name("a", {{"x", "1,2"}}) == "a{x:\"1,2\"}");
  CHECK(part_name("a", {{"x", "say \"hi\""}}) == "a{x:'say \"hi\"'}");
  for (const std::string value : {"1,2", "say \"hi\"", "a:b", "}{"}) {
    const TagSet tags{{"x", value}};
    CHECK(parse_selector(part_name("a", tags)).tags == tags);
  }
}

TEST_CASE("a metric has up to 50 parts by tags, and those that are asked for") {
  MetricRegistry registry;
  const Metric metric = registry.at(registry.add("http_reqs", MetricKind::kCounter));
  MetricParts parts({"name"});
  parts.add(parse_selector("http_reqs{name:n99}"));
  size_t found = 0;
  for (int i = 0; i < 100; ++i)
    found += parts.of(metric, {{"name", fmt::format("n{}", i)}}).size();
  CHECK(found == MetricParts::kMaxParts + 1);
  CHECK(parts.is_full());
  CHECK(parts.of(metric, {{"name", "n7"}}) == parts.of(metric, {{"name", "n7"}, {"other", "x"}}));
  CHECK(parts.of(metric, {{"other", "x"}}).empty());
}

TEST_CASE("a tag that no sample has is named with the closest one") {
  MetricRegistry registry;
  const Metric metric = registry.at(registry.add("http_reqs", MetricKind::kCounter));
  MetricParts parts({"nme"});
  parts.of(metric, {{"name", "a"}, {"status", "200"}});
  CHECK_THROWS_WITH_AS(parts.require_tags(),
                       "--by: no sample has a tag \"nme\" (did you mean \"name\"?); there are "
                       "name, status",
                       ConfigError);
  MetricParts known({"name"});
  known.of(metric, {{"name", "a"}});
  CHECK_NOTHROW(known.require_tags());
}

}  // namespace perigee::compare
