#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "engine/metrics/threshold.h"

namespace perigee {
namespace {

struct Fixture {
  Fixture() {
    declare_builtins(registry);
    registry.add("http_req_duration", MetricKind::kTrend, ValueKind::kTime);
  }

  ThresholdSet make(const std::string& selector, const std::string& threshold) const {
    return ThresholdSet({{selector, {parse_threshold(threshold)}}}, registry);
  }

  MetricRegistry registry;
};

TEST_CASE_FIXTURE(Fixture, "thresholds know the metric they are about") {
  const ThresholdSet set = make("http_req_duration{scenario:steady}", "p(95)<200");
  REQUIRE(set.entries().size() == 1);
  CHECK(set.entries()[0].metric == registry.find("http_req_duration")->id);
  CHECK(set.entries()[0].selector.tags == TagSet{{"scenario", "steady"}});
  CHECK(set.entries()[0].thresholds[0].source == "p(95)<200");
}

TEST_CASE_FIXTURE(Fixture, "an unknown metric is an error that names the closest") {
  CHECK_THROWS_WITH_AS(make("http_req_durations", "p(95)<200"),
                       "there is no metric \"http_req_durations\" (did you "
                       "mean \"http_req_duration\"?)",
                       ConfigError);
  CHECK_THROWS_WITH_AS(make("zzz{a:b}", "p(95)<200"), "there is no metric \"zzz\"", ConfigError);
}

TEST_CASE_FIXTURE(Fixture, "a metric that would be refused for its kind is not offered") {
  // "iterations" is closer, but a counter.
  registry.add("iteration_s", MetricKind::kTrend);
  CHECK_THROWS_WITH_AS(make("iterationss", "p(95)<200"),
                       "there is no metric \"iterationss\" (did you mean \"iteration_s\"?)",
                       ConfigError);
  CHECK_THROWS_WITH_AS(make("iterationss", "count>1"),
                       "there is no metric \"iterationss\" (did you mean \"iterations\"?)",
                       ConfigError);
  CHECK_THROWS_WITH_AS(make("http_req_duratio", "rate<1"),
                       "there is no metric \"http_req_duratio\"", ConfigError);
}

TEST_CASE_FIXTURE(Fixture, "an aggregate the metric does not have is an error") {
  CHECK_THROWS_AS(make("checks", "p(95)<200"), ConfigError);
  CHECK_THROWS_AS(make("http_req_duration{scenario:steady}", "rate<200"), ConfigError);
}

TEST_CASE_FIXTURE(Fixture, "an entry without expressions is allowed: it makes a submetric") {
  const ThresholdSet set({{"http_req_duration{status:200}", {}}}, registry);
  CHECK(set.entries().size() == 1);
}

}  // namespace
}  // namespace perigee
