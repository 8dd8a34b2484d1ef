#include "engine/output/json_line.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

using namespace std::chrono_literals;

struct Metrics {
  MetricRegistry registry;
  const Metric& duration =
      registry.at(registry.add("http_req_duration", MetricKind::kTrend, ValueKind::kTime));
  const Metric& sent =
      registry.at(registry.add("data_sent", MetricKind::kCounter, ValueKind::kData));
};

TEST_CASE_FIXTURE(Metrics, "a metric without thresholds has an empty list and null submetrics") {
  CHECK(json_metric_line(sent, {}, {}) ==
        R"({"type":"Metric","data":{"name":"data_sent","type":"counter","contains":"data",)"
        R"("thresholds":[],"submetrics":null},"metric":"data_sent"})"
        "\n");
}

TEST_CASE_FIXTURE(Metrics, "thresholds that abort are objects, submetrics are listed") {
  Threshold aborting = parse_threshold("avg<400");
  aborting.abort_on_fail = true;
  aborting.delay_abort_eval = 10s;
  Threshold at_once = parse_threshold("max<900");
  at_once.abort_on_fail = true;
  const ThresholdSet thresholds(
      {{"http_req_duration", {parse_threshold("p(95)<500"), aborting, at_once}},
       {"http_req_duration{group:::g1}", {}}},
      registry);
  CHECK(json_metric_line(duration, thresholds, submetrics_of(thresholds, registry)) ==
        R"({"type":"Metric","data":{"name":"http_req_duration","type":"trend","contains":"time",)"
        R"("thresholds":["p(95)<500",)"
        R"({"threshold":"avg<400","abortOnFail":true,"delayAbortEval":"10s"},)"
        R"({"threshold":"max<900","abortOnFail":true,"delayAbortEval":null}],)"
        R"("submetrics":[{"name":"http_req_duration{group:::g1}","suffix":"group:::g1",)"
        R"("tags":{"group":"::g1"}},)"
        R"({"name":"http_req_duration{expected_response:true}",)"
        R"("suffix":"expected_response:true","tags":{"expected_response":"true"}}]},)"
        R"("metric":"http_req_duration"})"
        "\n");
}

TEST_CASE_FIXTURE(Metrics, "tags are sorted, and HTML in them is left alone") {
  CHECK(json_point_tags({{"url", "http://a/?x=1&y=<b>"}, {"name", "say \"hi\"\n"}}) ==
        R"(,"tags":{"name":"say \"hi\"\n","url":"http://a/?x=1&y=<b>"})");
  CHECK(json_point_tags({}) == R"(,"tags":{})");
  CHECK(json_point_head(sent) == R"({"metric":"data_sent","type":"Point","data":{"time":")");
}

TEST_CASE("a tag that is not UTF-8 does not spoil its line") {
  CHECK(json_point_tags({{"name", "caf\xe9"}}) == ",\"tags\":{\"name\":\"caf\xEF\xBF\xBD\"}");
}

}  // namespace
}  // namespace perigee
