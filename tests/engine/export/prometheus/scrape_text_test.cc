#include "engine/export/prometheus/scrape_text.h"

#include <doctest/doctest.h>

#include "tests/engine/export/run_book.h"

namespace perigee::exports {
namespace {

struct Fixture : RunBook {
  Fixture() {
    add(metric("http_reqs", MetricKind::kCounter), {{"name", "a\"b\\c\nd"}, {"status", "200"}},
        {1, 1, 1});
    add(metric("checks", MetricKind::kRate), {}, {1, 1, 0});
    add(metric("data_sent", MetricKind::kCounter, ValueKind::kData), {}, {1'500'000});
    add(metric("vus", MetricKind::kGauge), {{"env", "ci"}}, {5});
    add(metric("http_req_duration", MetricKind::kTrend, ValueKind::kTime), {{"name", "x"}},
        {0, 3, 40, 200'000});
    last.thresholds = {{"checks", "rate>0.5", true, 0.75}};
  }
};

constexpr const char* kText =
    R"(# HELP perigee_run_info The run itself.
# TYPE perigee_run_info gauge
perigee_run_info{env="ci",run_id="r1",script="a.lua",version="1.2.3"} 1
# HELP perigee_load_seconds How long the load has gone on.
# TYPE perigee_load_seconds gauge
perigee_load_seconds 1.5
# HELP perigee_load_running Whether the load goes on: 1 or 0.
# TYPE perigee_load_running gauge
perigee_load_running 1
# HELP perigee_export_tag_sets_refused_total Tag sets that were too many to become labels.
# TYPE perigee_export_tag_sets_refused_total counter
perigee_export_tag_sets_refused_total 0
# HELP perigee_threshold_ok Whether a threshold holds at the moment: 1 or 0.
# TYPE perigee_threshold_ok gauge
perigee_threshold_ok{metric="checks",threshold="rate>0.5"} 1
# HELP perigee_threshold_observed The number that a threshold is about, in the unit that it is in.
# TYPE perigee_threshold_observed gauge
perigee_threshold_observed{metric="checks",threshold="rate>0.5"} 0.75
# HELP perigee_http_reqs_total Requests that have ended.
# TYPE perigee_http_reqs_total counter
perigee_http_reqs_total{name="a\"b\\c\nd",status="200"} 3
# HELP perigee_checks_total Conditions of checks, each counted once.
# TYPE perigee_checks_total counter
perigee_checks_total{condition="nonzero"} 2
perigee_checks_total{condition="zero"} 1
# HELP perigee_data_sent_bytes_total Bytes that VUs have sent, headers included.
# TYPE perigee_data_sent_bytes_total counter
perigee_data_sent_bytes_total 1500000
# HELP perigee_vus VUs that run an iteration.
# TYPE perigee_vus gauge
perigee_vus{env="ci"} 5
# HELP perigee_http_req_duration_seconds Time that requests have taken: sending, waiting and receiving.
# TYPE perigee_http_req_duration_seconds histogram
perigee_http_req_duration_seconds_bucket{name="x",le="0.0005"} 1
perigee_http_req_duration_seconds_bucket{name="x",le="0.001"} 1
perigee_http_req_duration_seconds_bucket{name="x",le="0.0025"} 1
perigee_http_req_duration_seconds_bucket{name="x",le="0.005"} 2
perigee_http_req_duration_seconds_bucket{name="x",le="0.01"} 2
perigee_http_req_duration_seconds_bucket{name="x",le="0.025"} 2
perigee_http_req_duration_seconds_bucket{name="x",le="0.05"} 3
perigee_http_req_duration_seconds_bucket{name="x",le="0.1"} 3
perigee_http_req_duration_seconds_bucket{name="x",le="0.25"} 3
perigee_http_req_duration_seconds_bucket{name="x",le="0.5"} 3
perigee_http_req_duration_seconds_bucket{name="x",le="1.0"} 3
perigee_http_req_duration_seconds_bucket{name="x",le="2.5"} 3
perigee_http_req_duration_seconds_bucket{name="x",le="5.0"} 3
perigee_http_req_duration_seconds_bucket{name="x",le="10.0"} 3
perigee_http_req_duration_seconds_bucket{name="x",le="25.0"} 3
perigee_http_req_duration_seconds_bucket{name="x",le="50.0"} 3
perigee_http_req_duration_seconds_bucket{name="x",le="100.0"} 3
perigee_http_req_duration_seconds_bucket{name="x",le="+Inf"} 4
perigee_http_req_duration_seconds_sum{name="x"} 200.043
perigee_http_req_duration_seconds_count{name="x"} 4
)";

// What OpenMetrics has at the beginning of each family where it differs.
constexpr const char* kOpenMetricsHeads[] = {
    "# HELP perigee_run The run itself.\n# TYPE perigee_run info\nperigee_run_info{",
    "# TYPE perigee_load_seconds gauge\n# UNIT perigee_load_seconds seconds\n",
    "# TYPE perigee_http_reqs counter\nperigee_http_reqs_total{",
    "# TYPE perigee_data_sent_bytes counter\n# UNIT perigee_data_sent_bytes bytes\n"
    "perigee_data_sent_bytes_total 1500000\n",
    "# TYPE perigee_http_req_duration_seconds histogram\n"
    "# UNIT perigee_http_req_duration_seconds seconds\n"};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a page of Prometheus' text is as it should be to the letter") {
  CHECK(text_page(families()) == kText);
}

TEST_CASE_FIXTURE(Fixture, "a page of OpenMetrics names families, units and its end") {
  const std::string page = open_metrics_page(families());
  for (const char* head : kOpenMetricsHeads)
    CHECK_MESSAGE(page.find(head) != std::string::npos, head);
  CHECK(page.ends_with("\n# EOF\n"));
  CHECK(page.find("\n\n") == std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "both pages have the same samples") {
  const auto samples = [](const std::string& page) {
    std::string kept;
    for (size_t at = 0; at < page.size();) {
      const size_t end = page.find('\n', at) + 1;
      if (page[at] != '#') kept += page.substr(at, end - at);
      at = end;
    }
    return kept;
  };
  CHECK(samples(open_metrics_page(families())) == samples(text_page(families())));
}

}  // namespace perigee::exports
