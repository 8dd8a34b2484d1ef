#include "engine/export/prometheus/remote_write_message.h"

#include <bit>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/protobuf/schema.h"

namespace perigee::exports {
namespace {

constexpr const char* kProto = R"pb(
  syntax = "proto3"
  ;
package p;
message Label { string name = 1; string value = 2; }
message Sample { double value = 1; int64 timestamp = 2; }
message BucketSpan { sint32 offset = 1; uint32 length = 2; }
message Histogram {
  oneof count { uint64 count_int = 1; double count_float = 2; }
  double sum = 3;
  sint32 schema = 4;
  double zero_threshold = 5;
  oneof zero_count { uint64 zero_count_int = 6; double zero_count_float = 7; }
  repeated BucketSpan negative_spans = 8;
  repeated sint64 negative_deltas = 9;
  repeated BucketSpan positive_spans = 11;
  repeated sint64 positive_deltas = 12;
  int64 timestamp = 15;
}
message TimeSeries {
  repeated Label labels = 1;
  repeated Sample samples = 2;
  repeated Histogram histograms = 4;
}
message WriteRequest { repeated TimeSeries timeseries = 1; }

message Metadata { uint32 type = 1; }
message TimeSeries2 {
  repeated uint32 labels_refs = 1;
  repeated Sample samples = 2;
  repeated Histogram histograms = 3;
  Metadata metadata = 5;
}
message Request2 { repeated string symbols = 4; repeated TimeSeries2 timeseries = 5; }
)pb";

nlohmann::json read(const char* type, const std::string& message) {
  static const auto kSchema = protobuf::Schema::from_proto_files(
      {.import_paths = {}, .files = {"w.proto"}, .embedded = {{"w.proto", kProto}}});
  return nlohmann::json::parse(kSchema->to_json(kSchema->message(type), message));
}

std::vector<WrittenSeries> two_series() {
  return {{{{"__name__", "k6_vus"}, {"team", "blue"}}, WrittenType::kGauge, 7},
          {{{"__name__", "k6_http_reqs_total"}, {"team", "blue"}}, WrittenType::kCounter, 2.5}};
}

WrittenSeries histogram_series() {
  Histogram histogram;
  for (const double value : {0.0, 1.5, 1.5, -1.5, 3.0})
    histogram.add(value);
  WrittenSeries series{{{"__name__", "k6_wait_seconds"}}, WrittenType::kHistogram};
  series.histogram = native_histogram(histogram, 1);
  return series;
}

}  // namespace

TEST_CASE("a request of version 1.0 has labels and one sample for each series") {
  const auto all = two_series();
  CHECK(read("p.WriteRequest", write_request(WriteVersion::kV1, all, 1234)) ==
        nlohmann::json::parse(R"({"timeseries": [
          {"labels": [{"name": "__name__", "value": "k6_vus"}, {"name": "team", "value": "blue"}],
           "samples": [{"value": 7.0, "timestamp": "1234"}]},
          {"labels": [{"name": "__name__", "value": "k6_http_reqs_total"},
                      {"name": "team", "value": "blue"}],
           "samples": [{"value": 2.5, "timestamp": "1234"}]}]})"));
}

TEST_CASE("a request of version 2.0 has each text once, the empty one first") {
  const auto all = two_series();
  CHECK(read("p.Request2", write_request(WriteVersion::kV2, all, 1234)) ==
        nlohmann::json::parse(R"({
          "symbols": ["", "__name__", "k6_vus", "team", "blue", "k6_http_reqs_total"],
          "timeseries": [
            {"labelsRefs": [1, 2, 3, 4], "samples": [{"value": 7.0, "timestamp": "1234"}],
             "metadata": {"type": 2}},
            {"labelsRefs": [1, 5, 3, 4], "samples": [{"value": 2.5, "timestamp": "1234"}],
             "metadata": {"type": 1}}]})"));
}

TEST_CASE("a native histogram is the same in both versions") {
  const WrittenSeries series = histogram_series();
  const auto expected = nlohmann::json::parse(R"([{
      "countInt": "5", "sum": 4.5, "schema": 3, "zeroThreshold": 1e-128, "zeroCountInt": "1",
      "negativeSpans": [{"offset": 5, "length": 1}], "negativeDeltas": ["1"],
      "positiveSpans": [{"offset": 5, "length": 1}, {"offset": 7, "length": 1}],
      "positiveDeltas": ["2", "-1"], "timestamp": "99"}])");
  const auto v1 = read("p.WriteRequest", write_request(WriteVersion::kV1, {&series, 1}, 99));
  CHECK(v1.at("timeseries")[0].at("histograms") == expected);
  const auto v2 = read("p.Request2", write_request(WriteVersion::kV2, {&series, 1}, 99));
  CHECK(v2.at("timeseries")[0].at("histograms") == expected);
}

TEST_CASE("a stale marker is the very NaN that Prometheus knows") {
  CHECK(std::bit_cast<uint64_t>(stale_marker()) == 0x7ff0000000000002);
  const auto all = two_series();
  const std::string message = write_request(WriteVersion::kV1, all, 5, /*stale=*/true);
  const std::string marker("\x09\x02\x00\x00\x00\x00\x00\xf0\x7f", 9);
  CHECK(message.find(marker) != std::string::npos);
  CHECK(message.find(marker, message.find(marker) + 1) != std::string::npos);
  const WrittenSeries series = histogram_series();
  const std::string stale = write_request(WriteVersion::kV1, {&series, 1}, 5, /*stale=*/true);
  CHECK(stale.find(std::string("\x19\x02\x00\x00\x00\x00\x00\xf0\x7f", 9)) != std::string::npos);
}

}  // namespace perigee::exports
