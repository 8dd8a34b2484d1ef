#include "engine/export/opentelemetry/otlp_message.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/protobuf/schema.h"
#include "engine/protobuf/wire_writer.h"
#include "tests/engine/export/run_book.h"

namespace perigee::exports {
namespace {

constexpr const char* kProto = R"pb(
  syntax = "proto3"
  ;
package p;
message AnyValue { string string_value = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message NumberDataPoint {
  repeated KeyValue attributes = 7;
  fixed64 start_time_unix_nano = 2;
  fixed64 time_unix_nano = 3;
  oneof value { double as_double = 4; sfixed64 as_int = 6; }
}
message HistogramDataPoint {
  repeated KeyValue attributes = 9;
  fixed64 start_time_unix_nano = 2;
  fixed64 time_unix_nano = 3;
  fixed64 count = 4;
  optional double sum = 5;
  repeated fixed64 bucket_counts = 6;
  repeated double explicit_bounds = 7;
  optional double min = 11;
  optional double max = 12;
}
message Buckets { sint32 offset = 1; repeated uint64 bucket_counts = 2; }
message ExponentialHistogramDataPoint {
  repeated KeyValue attributes = 1;
  fixed64 start_time_unix_nano = 2;
  fixed64 time_unix_nano = 3;
  fixed64 count = 4;
  optional double sum = 5;
  sint32 scale = 6;
  fixed64 zero_count = 7;
  Buckets positive = 8;
  Buckets negative = 9;
  optional double min = 12;
  optional double max = 13;
}
message Gauge { repeated NumberDataPoint data_points = 1; }
message Sum {
  repeated NumberDataPoint data_points = 1;
  int32 aggregation_temporality = 2;
  bool is_monotonic = 3;
}
message Histogram { repeated HistogramDataPoint data_points = 1; int32 aggregation_temporality = 2; }
message ExponentialHistogram {
  repeated ExponentialHistogramDataPoint data_points = 1;
  int32 aggregation_temporality = 2;
}
message Metric {
  string name = 1;
  string description = 2;
  string unit = 3;
  oneof data {
    Gauge gauge = 5;
    Sum sum = 7;
    Histogram histogram = 9;
    ExponentialHistogram exponential_histogram = 10;
  }
}
message Scope { string name = 1; string version = 2; }
message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
message Request { repeated ResourceMetrics resource_metrics = 1; }
)pb";

struct Fixture : RunBook {
  nlohmann::json request() {
    static const auto kSchema = protobuf::Schema::from_proto_files(
        {.import_paths = {}, .files = {"o.proto"}, .embedded = {{"o.proto", kProto}}});
    const OtlpMessage message =
        otlp_message(book, settings, "1.2", WallTime(Duration(1000)), WallTime(Duration(5000)));
    points = message.points;
    return nlohmann::json::parse(kSchema->to_json(kSchema->message("p.Request"), message.bytes));
  }
  // The only metric there is.
  nlohmann::json only_metric() {
    return request().at("resourceMetrics")[0].at("scopeMetrics")[0].at("metrics").at(0);
  }

  OtlpSettings settings{.receiver = {}, .service_name = "load", .service_version = "7"};
  uint64_t points = 0;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a request says whose metrics they are") {
  add(metric("vus", MetricKind::kGauge), {}, {3});
  const nlohmann::json all = request().at("resourceMetrics")[0];
  CHECK(all.at("resource") == nlohmann::json::parse(R"({"attributes": [
    {"key": "service.name", "value": {"stringValue": "load"}},
    {"key": "service.version", "value": {"stringValue": "7"}}]})"));
  CHECK(all.at("scopeMetrics")[0].at("scope") ==
        nlohmann::json{{"name", "perigee"}, {"version", "1.2"}});
}

TEST_CASE_FIXTURE(Fixture, "a counter is a sum since the beginning") {
  settings.metric_prefix = "k6_";
  add(metric("data_sent", MetricKind::kCounter, ValueKind::kData), {{"app.name", "a"}}, {2, 3});
  CHECK(only_metric() == nlohmann::json::parse(R"({
    "name": "k6_data_sent", "unit": "By",
    "description": "Bytes that VUs have sent, headers included.",
    "sum": {"aggregationTemporality": 2, "isMonotonic": true, "dataPoints": [
      {"startTimeUnixNano": "1000", "timeUnixNano": "5000", "asDouble": 5.0,
       "attributes": [{"key": "app.name", "value": {"stringValue": "a"}}]}]}})"));
  CHECK(points == 1);
}

TEST_CASE_FIXTURE(Fixture, "a gauge has its last value") {
  add(metric("vus", MetricKind::kGauge), {}, {3});
  CHECK(only_metric().at("gauge").at("dataPoints")[0].at("asDouble") == 3);
}

TEST_CASE_FIXTURE(Fixture, "a rate is a sum by condition") {
  add(metric("checks", MetricKind::kRate), {}, {1, 0, 0});
  const nlohmann::json sum = only_metric().at("sum");
  REQUIRE(sum.at("dataPoints").size() == 2);
  CHECK(sum.at("dataPoints")[0].at("asDouble") == 1);
  CHECK(sum.at("dataPoints")[0].at("attributes")[0].at("value").at("stringValue") == "nonzero");
  CHECK(sum.at("dataPoints")[1].at("asDouble") == 2);
  CHECK(sum.at("dataPoints")[1].at("attributes")[0].at("value").at("stringValue") == "zero");
  CHECK(points == 2);
}

TEST_CASE_FIXTURE(Fixture, "a rate can be two sums, of what occurred and of all") {
  settings.single_counter_for_rate = false;
  settings.metric_prefix = "k6_";
  add(metric("checks", MetricKind::kRate), {{"a", "b"}}, {1, 0, 0});
  const nlohmann::json metrics =
      request().at("resourceMetrics")[0].at("scopeMetrics")[0].at("metrics");
  REQUIRE(metrics.size() == 2);
  CHECK(metrics[0].at("name") == "k6_checks.occurred");
  CHECK(metrics[0].at("sum").at("dataPoints")[0].at("asDouble") == 1);
  CHECK(metrics[0].at("sum").at("dataPoints")[0].at("attributes").size() == 1);
  CHECK(metrics[1].at("name") == "k6_checks.total");
  CHECK(metrics[1].at("sum").at("isMonotonic") == true);
  CHECK(metrics[1].at("sum").at("dataPoints")[0].at("asDouble") == 3);
}

TEST_CASE_FIXTURE(Fixture, "a trend is a histogram in its own unit") {
  add(metric("wait", MetricKind::kTrend, ValueKind::kTime), {}, {0, 3, 60, 20'000});
  const nlohmann::json wait = only_metric();
  CHECK(wait.at("unit") == "ms");
  const nlohmann::json point = wait.at("histogram").at("dataPoints")[0];
  CHECK(wait.at("histogram").at("aggregationTemporality") == 2);
  CHECK(point.at("count") == "4");
  CHECK(point.at("sum") == 20'063);
  CHECK(point.at("min") == 0);
  CHECK(point.at("max") == 20'000);
  CHECK(point.at("explicitBounds").size() == 15);
  CHECK(point.at("bucketCounts") ==
        nlohmann::json::parse(
            R"(["1","1","0","0","0","1","0","0","0","0","0","0","0","0","0","1"])"));
}

TEST_CASE_FIXTURE(Fixture, "a trend can be an exponential histogram") {
  settings.exponential_histograms = true;
  add(metric("wait", MetricKind::kTrend, ValueKind::kTime), {}, {0, 1.5, 1.7, -1.5});
  const nlohmann::json point = only_metric().at("exponentialHistogram").at("dataPoints")[0];
  CHECK(point.at("count") == "4");
  CHECK(point.at("scale") == 3);
  CHECK(point.at("zeroCount") == "1");
  // From 2^(4/8) to 2^(5/8) and from there to 2^(7/8).
  CHECK(point.at("positive") ==
        nlohmann::json::parse(R"({"offset": 4, "bucketCounts": ["1", "0", "1"]})"));
  CHECK(point.at("negative") == nlohmann::json::parse(R"({"offset": 4, "bucketCounts": ["1"]})"));
}

TEST_CASE("a response says what was refused in part") {
  std::string partial;
  protobuf::WireWriter inner(partial);
  inner.int_field(1, 5);
  inner.bytes_field(2, "too old");
  std::string response;
  protobuf::WireWriter(response).bytes_field(1, partial);
  CHECK(read_otlp_response(response).points == 5);
  CHECK(read_otlp_response(response).reason == "too old");
  CHECK(read_otlp_response("").points == 0);
  CHECK(read_otlp_response("{\"no\":\"protobuf\"}").points == 0);
}

}  // namespace perigee::exports
