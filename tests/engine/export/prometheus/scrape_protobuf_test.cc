#include "engine/export/prometheus/scrape_protobuf.h"

#include <string_view>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/protobuf/schema.h"
#include "engine/protobuf/wire_reader.h"
#include "tests/engine/export/run_book.h"

namespace perigee::exports {
namespace {

constexpr const char* kProto = R"pb(
  syntax = "proto3"
  ;
package io.prometheus.client;
message LabelPair { string name = 1; string value = 2; }
enum MetricType { COUNTER = 0; GAUGE = 1; SUMMARY = 2; UNTYPED = 3; HISTOGRAM = 4; }
message Gauge { double value = 1; }
message Counter { double value = 1; }
message Bucket { uint64 cumulative_count = 1; double upper_bound = 2; }
message BucketSpan { sint32 offset = 1; uint32 length = 2; }
message Histogram {
  uint64 sample_count = 1;
  double sample_sum = 2;
  repeated Bucket bucket = 3;
  sint32 schema = 5;
  double zero_threshold = 6;
  uint64 zero_count = 7;
  repeated BucketSpan negative_span = 9;
  repeated sint64 negative_delta = 10;
  repeated BucketSpan positive_span = 12;
  repeated sint64 positive_delta = 13;
}
message Metric {
  repeated LabelPair label = 1;
  Gauge gauge = 2;
  Counter counter = 3;
  Histogram histogram = 7;
}
message MetricFamily {
  string name = 1;
  string help = 2;
  MetricType type = 3;
  repeated Metric metric = 4;
  string unit = 5;
}
)pb";

// The families of a page by their names.
nlohmann::json read_page(std::string_view page) {
  static const auto kSchema = protobuf::Schema::from_proto_files(
      {.import_paths = {}, .files = {"metrics.proto"}, .embedded = {{"metrics.proto", kProto}}});
  const auto& type = kSchema->message("io.prometheus.client.MetricFamily");
  nlohmann::json families;
  while (!page.empty()) {
    size_t size = 0;
    int shift = 0;
    unsigned char byte = 0x80;
    for (; (byte & 0x80) != 0; shift += 7, page.remove_prefix(1)) {
      byte = static_cast<unsigned char>(page.front());
      size |= static_cast<size_t>(byte & 0x7f) << shift;
    }
    REQUIRE(size <= page.size());
    auto family =
        nlohmann::json::parse(kSchema->to_json(type, page.substr(0, size), {.defaults = true}));
    const auto name = family.at("name").get<std::string>();
    families[name] = std::move(family);
    page.remove_prefix(size);
  }
  return families;
}

}  // namespace

TEST_CASE("a page of protobuf has types, units, labels and values") {
  RunBook run;
  run.add(run.metric("data_sent", MetricKind::kCounter, ValueKind::kData), {{"name", "a"}}, {7});
  run.add(run.metric("vus", MetricKind::kGauge), {}, {5});
  const nlohmann::json page = read_page(protobuf_page(run.families()));
  const nlohmann::json& sent = page.at("perigee_data_sent_bytes_total");
  CHECK(sent.at("type") == "COUNTER");
  CHECK(sent.at("unit") == "bytes");
  CHECK(sent.at("help") == "Bytes that VUs have sent, headers included.");
  CHECK(sent.at("metric")[0].at("label")[0] == nlohmann::json{{"name", "name"}, {"value", "a"}});
  CHECK(sent.at("metric")[0].at("counter").at("value") == 7);
  CHECK(page.at("perigee_vus").at("type") == "GAUGE");
  CHECK(page.at("perigee_vus").at("metric")[0].at("gauge").at("value") == 5);
  CHECK(page.at("perigee_run_info").at("metric")[0].at("gauge").at("value") == 1);
}

TEST_CASE("a histogram of protobuf has classic and native buckets") {
  RunBook run;
  const MetricId waits = run.metric("waits", MetricKind::kTrend, ValueKind::kTime);
  run.add(waits, {}, {0, 1500, 1500, -1500});
  const nlohmann::json page = read_page(protobuf_page(run.families()));
  const nlohmann::json& family = page.at("perigee_waits_seconds");
  CHECK(family.at("type") == "HISTOGRAM");
  const nlohmann::json& histogram = family.at("metric")[0].at("histogram");
  CHECK(histogram.at("sampleCount") == "4");
  CHECK(histogram.at("sampleSum") == 1.5);
  CHECK(histogram.at("schema") == 3);
  CHECK(histogram.at("zeroCount") == "1");
  CHECK(histogram.at("positiveSpan") == nlohmann::json::parse(R"([{"offset":5,"length":1}])"));
  CHECK(histogram.at("positiveDelta") == nlohmann::json::parse(R"(["2"])"));
  CHECK(histogram.at("negativeSpan") == nlohmann::json::parse(R"([{"offset":5,"length":1}])"));
  CHECK(histogram.at("negativeDelta") == nlohmann::json::parse(R"(["1"])"));
  CHECK(histogram.at("bucket").size() == 17);
  CHECK(histogram.at("bucket")[10] ==
        nlohmann::json{{"cumulativeCount", "2"}, {"upperBound", 1.0}});
  CHECK(histogram.at("bucket")[11].at("cumulativeCount") == "4");
}

}  // namespace perigee::exports
