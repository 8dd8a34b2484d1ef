#include "engine/export/prometheus/metric_family.h"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "engine/export/metric_help.h"
#include "tests/engine/export/run_book.h"

namespace perigee::exports {

TEST_CASE("a family is named after its metric, its unit and what it is") {
  RunBook run;
  run.add(run.metric("http_reqs", MetricKind::kCounter), {}, {1});
  run.add(run.metric("data_sent", MetricKind::kCounter, ValueKind::kData), {}, {100});
  run.add(run.metric("waits", MetricKind::kTrend, ValueKind::kTime), {}, {1500});
  run.add(run.metric("orders_total", MetricKind::kCounter), {}, {1});
  run.add(run.metric("age_seconds", MetricKind::kGauge, ValueKind::kTime), {}, {2500});
  CHECK(run.family("perigee_http_reqs").type == FamilyType::kCounter);
  CHECK(run.family("perigee_data_sent_bytes").unit == "bytes");
  CHECK(run.family("perigee_waits_seconds").type == FamilyType::kHistogram);
  CHECK(run.family("perigee_orders").points[0].value == 1);
  CHECK(run.family("perigee_age_seconds").points[0].value == 2.5);
}

TEST_CASE("a rate is a counter of values by whether they are zero") {
  RunBook run;
  const MetricId failed = run.metric("http_req_failed", MetricKind::kRate);
  run.add(failed, {{"name", "a"}}, {1, 0, 0});
  const MetricFamily family = run.family("perigee_http_req_failed");
  REQUIRE(family.points.size() == 2);
  CHECK(family.type == FamilyType::kCounter);
  CHECK(family.points[0].labels == LabelSet{{"condition", "nonzero"}, {"name", "a"}});
  CHECK(family.points[0].value == 1);
  CHECK(family.points[1].labels == LabelSet{{"condition", "zero"}, {"name", "a"}});
  CHECK(family.points[1].value == 2);
}

TEST_CASE("no two families have samples of one name") {
  RunBook run;
  run.add(run.metric("size", MetricKind::kTrend), {}, {1});
  run.add(run.metric("size_count", MetricKind::kGauge), {}, {1});
  run.add(run.metric("size_total", MetricKind::kCounter), {}, {1});
  run.add(run.metric("run_info", MetricKind::kGauge), {}, {1});
  run.add(run.metric("load", MetricKind::kGauge, ValueKind::kTime), {}, {1});
  CHECK(run.family("perigee_size").type == FamilyType::kHistogram);
  CHECK(run.family("perigee_size_count_").type == FamilyType::kGauge);
  CHECK(run.family("perigee_size_").type == FamilyType::kCounter);
  CHECK(run.family("perigee_run_info_").type == FamilyType::kGauge);
  CHECK(run.family("perigee_load__seconds").points[0].value == 0.001);
}

TEST_CASE("the run's own labels are not overridden by its tags") {
  RunBook run;
  run.run.tags.set("version", "mine");
  CHECK(run.family("perigee_run").points[0].labels ==
        LabelSet{{"env", "ci"}, {"run_id", "r1"}, {"script", "a.lua"}, {"version", "1.2.3"}});
}

TEST_CASE("thresholds are shown as they stand, each once") {
  RunBook run;
  run.last.thresholds = {{"http_req_duration", "p(95)<200", false, 250},
                         {"checks", "rate>0.9", true, {}},
                         {"checks", "rate>0.9", true, {}}};
  const MetricFamily states = run.family("perigee_threshold_ok");
  REQUIRE(states.points.size() == 2);
  CHECK(states.points[0].labels ==
        LabelSet{{"metric", "http_req_duration"}, {"threshold", "p(95)<200"}});
  CHECK(states.points[0].value == 0);
  CHECK(states.points[1].value == 1);
  REQUIRE(run.family("perigee_threshold_observed").points.size() == 1);
  CHECK(run.family("perigee_threshold_observed").points[0].value == 250);
}

TEST_CASE("metrics of every run are explained, and others have their kind") {
  RunBook run;
  declare_builtins(run.registry);
  for (const Metric& metric : run.registry)
    CHECK_MESSAGE(!help_of(metric).ends_with("of this run."), metric.name);
  CHECK(help_of({.id = 0, .name = "mine", .kind = MetricKind::kTrend}) == "A trend of this run.");
}

TEST_CASE("metrics without a sample are not shown") {
  RunBook run;
  run.metric("http_reqs", MetricKind::kCounter);
  const auto families = run.families();
  CHECK(std::none_of(families.begin(), families.end(), [](const MetricFamily& family) {
    return family.name == "perigee_http_reqs" || family.points.empty();
  }));
}

}  // namespace perigee::exports
