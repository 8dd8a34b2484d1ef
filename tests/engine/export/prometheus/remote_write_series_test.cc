#include "engine/export/prometheus/remote_write_series.h"

#include <doctest/doctest.h>

#include "tests/engine/export/run_book.h"

namespace perigee::exports {
namespace {

std::string name_of(const WrittenSeries& series) {
  for (const auto& [name, value] : series.labels) {
    if (name == "__name__") return value;
  }
  return {};
}

}  // namespace

TEST_CASE("series have k6's names and units") {
  RunBook run;
  run.add(run.metric("http_reqs", MetricKind::kCounter), {}, {1, 1});
  run.add(run.metric("checks", MetricKind::kRate), {}, {1, 0, 0, 0});
  run.add(run.metric("vus", MetricKind::kGauge), {}, {7});
  run.add(run.metric("wait", MetricKind::kTrend, ValueKind::kTime), {}, {1000, 2000, 3000});
  run.add(run.metric("size", MetricKind::kTrend), {}, {1, 3});
  const auto stats = parse_trend_stats("max,count,sum", "here");
  const auto all = written_series(run.book, stats, false);
  const std::vector<std::pair<std::string, double>> expected{
      {"k6_http_reqs_total", 2}, {"k6_checks_rate", 0.25}, {"k6_vus", 7},
      {"k6_wait_max", 3},        {"k6_wait_count", 3},     {"k6_wait_sum", 6},
      {"k6_size_max", 3},        {"k6_size_count", 2},     {"k6_size_sum", 4}};
  REQUIRE(all.size() == expected.size());
  for (size_t i = 0; i < all.size(); ++i) {
    CHECK(name_of(all[i]) == expected[i].first);
    CHECK(all[i].value == expected[i].second);
  }
}

TEST_CASE("labels are sorted, with the name among them") {
  RunBook run;
  run.add(run.metric("http_reqs", MetricKind::kCounter), {{"status", "200"}, {"Team", "blue"}},
          {1});
  CHECK(written_series(run.book, {}, false).at(0).labels ==
        LabelSet{{"Team", "blue"}, {"__name__", "k6_http_reqs_total"}, {"status", "200"}});
}

TEST_CASE("a trend can be one native histogram with its unit in its name") {
  RunBook run;
  run.add(run.metric("wait", MetricKind::kTrend, ValueKind::kTime), {}, {1500});
  run.add(run.metric("body", MetricKind::kTrend, ValueKind::kData), {}, {10});
  run.add(run.metric("size", MetricKind::kTrend), {}, {1, 3});
  const auto all = written_series(run.book, parse_trend_stats("max", "here"), true);
  REQUIRE(all.size() == 3);
  CHECK(name_of(all[0]) == "k6_wait_seconds");
  CHECK(all[0].histogram->sum == doctest::Approx(1.5));
  CHECK(name_of(all[1]) == "k6_body_bytes");
  CHECK(name_of(all[2]) == "k6_size");
  CHECK(all[2].histogram->count == 2);
}

}  // namespace perigee::exports
