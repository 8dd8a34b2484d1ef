#include "engine/http/http_metrics.h"

#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace perigee::http {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// Writes the samples down in the order in which they come.
struct Tap : SampleTap {
  struct Row {
    std::string metric;
    double value;
    Instant at;
    TagSet tags;
  };

  explicit Tap(const MetricRegistry& metrics) : registry(metrics) {}

  void on_sample(MetricId metric, TagSetId tags, double value, Instant at) override {
    rows.push_back({registry.at(metric).name, value, at, *shard->tags().at(tags)});
  }

  const MetricRegistry& registry;
  MetricShard* shard = nullptr;
  std::vector<Row> rows;
};

struct MetricsFixture {
  MetricRegistry registry;
  HttpMetricIds ids = HttpMetricIds::declare(registry);
  Tap tap{registry};
  MetricShard shard{registry, &tap};
  HttpMetrics metrics{ids, shard};
  TagSetId context = 0;
  RequestTagsId request = 0;

  MetricsFixture() {
    tap.shard = &shard;
    context = shard.tags().intern({{"group", ""}, {"scenario", "steady"}});
    request = metrics.request_tags("GET", "http://a/x", "", {});
  }

  // The tags of the last sample.
  std::map<std::string, std::string> tags() const {
    return {tap.rows.back().tags.begin(), tap.rows.back().tags.end()};
  }
};

Outcome success() {
  Outcome outcome;
  outcome.timings = {.blocked = milliseconds(1),
                     .connecting = microseconds(500),
                     .tls_handshaking = milliseconds(2),
                     .sending = milliseconds(3),
                     .waiting = milliseconds(4),
                     .receiving = microseconds(5500)};
  outcome.ended = Instant(std::chrono::seconds(7));
  return outcome;
}

Outcome failure(ErrorCode code, std::string text) {
  Outcome outcome = success();
  outcome.error = {code, std::move(text)};
  return outcome;
}

TEST_CASE("HTTP's metrics are what k6 declares them to be") {
  MetricRegistry registry;
  HttpMetricIds::declare(registry);
  CHECK(registry.find("http_reqs")->kind == MetricKind::kCounter);
  CHECK(registry.find("http_req_failed")->kind == MetricKind::kRate);
  for (const char* name : {"duration", "blocked", "connecting", "tls_handshaking", "sending",
                           "waiting", "receiving"}) {
    const Metric* metric = registry.find(std::string("http_req_") + name);
    REQUIRE(metric != nullptr);
    CHECK(metric->kind == MetricKind::kTrend);
    CHECK(metric->contains == ValueKind::kTime);
  }
  CHECK(registry.find("http_reqs_interrupted")->kind == MetricKind::kCounter);
  CHECK(registry.find("http_reqs_retried")->kind == MetricKind::kCounter);
}

TEST_CASE_FIXTURE(MetricsFixture, "a request is nine samples in k6's order, stamped with its end") {
  metrics.record(context, request, 200, HttpVersion::kHttp11, Verdict::kExpected, success());
  std::vector<std::pair<std::string, double>> seen;
  for (const Tap::Row& row : tap.rows) {
    seen.emplace_back(row.metric, row.value);
    CHECK(row.at == Instant(std::chrono::seconds(7)));
  }
  CHECK(seen == std::vector<std::pair<std::string, double>>{{"http_reqs", 1},
                                                            {"http_req_duration", 12.5},
                                                            {"http_req_blocked", 1},
                                                            {"http_req_connecting", 0.5},
                                                            {"http_req_tls_handshaking", 2},
                                                            {"http_req_sending", 3},
                                                            {"http_req_waiting", 4},
                                                            {"http_req_receiving", 5.5},
                                                            {"http_req_failed", 0}});
}

TEST_CASE_FIXTURE(MetricsFixture, "an expected answer's tags") {
  metrics.record(context, request, 200, HttpVersion::kHttp11, Verdict::kExpected, success());
  CHECK(tags() == std::map<std::string, std::string>{{"expected_response", "true"},
                                                     {"group", ""},
                                                     {"method", "GET"},
                                                     {"name", "http://a/x"},
                                                     {"proto", "HTTP/1.1"},
                                                     {"scenario", "steady"},
                                                     {"status", "200"},
                                                     {"url", "http://a/x"}});
}

TEST_CASE_FIXTURE(MetricsFixture,
                  "a status of 400 and above has an error code, and no error text") {
  metrics.record(context, request, 404, HttpVersion::kHttp10, Verdict::kUnexpected, success());
  CHECK(tap.rows.back().metric == "http_req_failed");
  CHECK(tap.rows.back().value == 1);
  CHECK(tags().at("status") == "404");
  CHECK(tags().at("error_code") == "1404");
  CHECK(tags().at("expected_response") == "false");
  CHECK(tags().at("proto") == "HTTP/1.0");
  CHECK_FALSE(tags().contains("error"));
}

TEST_CASE_FIXTURE(MetricsFixture,
                  "a status may be expected though it is 500, and has its code all the same") {
  metrics.record(context, request, 500, HttpVersion::kHttp11, Verdict::kExpected, success());
  CHECK(tap.rows.back().value == 0);
  CHECK(tags().at("expected_response") == "true");
  CHECK(tags().at("error_code") == "1500");
}

TEST_CASE_FIXTURE(MetricsFixture, "an answer that nobody judges neither fails nor succeeds") {
  metrics.record(context, request, 500, HttpVersion::kHttp11, Verdict::kNotJudged, success());
  CHECK(tap.rows.size() == 8);
  CHECK(tap.rows.back().metric == "http_req_receiving");
  CHECK_FALSE(tags().contains("expected_response"));
  CHECK(tags().at("status") == "500");
}

TEST_CASE_FIXTURE(MetricsFixture, "a failed request may be expected") {
  metrics.record(context, request, 0, HttpVersion::kHttp11, Verdict::kExpected,
                 failure(ErrorCode::kGeneric, "EOF"));
  CHECK(tap.rows.back().value == 0);
  CHECK(tags().at("expected_response") == "true");
}

TEST_CASE_FIXTURE(MetricsFixture, "a failed request has status 0, its error and no protocol") {
  metrics.record(context, request, 200, HttpVersion::kHttp11, Verdict::kUnexpected,
                 failure(ErrorCode::kDialRefused, "dial: connection refused"));
  CHECK(tap.rows.size() == 9);
  CHECK(tap.rows.back().value == 1);
  CHECK(tags() == std::map<std::string, std::string>{{"error", "dial: connection refused"},
                                                     {"error_code", "1212"},
                                                     {"expected_response", "false"},
                                                     {"group", ""},
                                                     {"method", "GET"},
                                                     {"name", "http://a/x"},
                                                     {"scenario", "steady"},
                                                     {"status", "0"},
                                                     {"url", "http://a/x"}});
}

TEST_CASE_FIXTURE(MetricsFixture, "a name of the script's takes the place of the URL") {
  const TagSet own{{"model", "iris"}};
  request = metrics.request_tags("POST", "http://a/items/7", "items", own);
  metrics.record(context, request, 200, HttpVersion::kHttp11, Verdict::kExpected, success());
  CHECK(tags().at("name") == "items");
  CHECK(tags().at("url") == "items");
  CHECK(tags().at("method") == "POST");
  CHECK(tags().at("model") == "iris");
}

TEST_CASE_FIXTURE(MetricsFixture,
                  "a tag name of the VU names requests that have no name, as in k6") {
  TagSet vu = *shard.tags().at(context);
  vu.set("name", "checkout");
  context = shard.tags().intern(vu);
  metrics.record(context, request, 200, HttpVersion::kHttp11, Verdict::kExpected, success());
  CHECK(tags().at("name") == "checkout");
  CHECK(tags().at("url") == "checkout");
}

TEST_CASE_FIXTURE(MetricsFixture, "a request's name wins over the tag name of its VU") {
  context = shard.tags().intern({{"name", "checkout"}});
  request = metrics.request_tags("GET", "http://a/items/7", "items", {});
  metrics.record(context, request, 200, HttpVersion::kHttp11, Verdict::kExpected, success());
  CHECK(tags().at("name") == "items");
  CHECK(tags().at("url") == "items");
}

TEST_CASE_FIXTURE(MetricsFixture, "a name stays with what a redirection leads to, a URL does not") {
  const RequestTagsId named = metrics.request_tags("GET", "http://a/items/7", "items", {});
  CHECK(metrics.redirected_tags(named, "GET", "http://a/y") == named);
  CHECK(metrics.redirected_tags(request, "GET", "http://a/y") ==
        metrics.request_tags("GET", "http://a/y", "", {}));
}

TEST_CASE_FIXTURE(MetricsFixture, "equal tags of requests have one number") {
  CHECK(metrics.request_tags("GET", "http://a/x", "", {}) == request);
  CHECK(metrics.request_tags("POST", "http://a/x", "", {}) != request);
  CHECK(metrics.request_tags("GET", "http://a/x", "", {{"k", "v"}}) != request);
}

TEST_CASE_FIXTURE(MetricsFixture, "a request's own tag wins over one of its VU") {
  request = metrics.request_tags("GET", "http://a/x", "", {{"scenario", "mine"}});
  metrics.record(context, request, 200, HttpVersion::kHttp11, Verdict::kExpected, success());
  CHECK(tags().at("scenario") == "mine");
}

TEST_CASE_FIXTURE(MetricsFixture, "requests alternating between tags fold into a series each") {
  const RequestTagsId other = metrics.request_tags("GET", "http://a/y", "", {});
  for (int i = 0; i < 10; ++i) {
    metrics.record(context, request, 200, HttpVersion::kHttp11, Verdict::kExpected, success());
    metrics.record(context, other, 503, HttpVersion::kHttp11, Verdict::kUnexpected, success());
  }
  CHECK(shard.series_count() == 18);
  std::map<std::string, double> counts;
  for (const SeriesDelta& delta : shard.take({}, {}).series) {
    if (delta.metric == ids.reqs) counts[*delta.tags->find("url")] = delta.sink.counter().sum;
  }
  CHECK(counts == std::map<std::string, double>{{"http://a/x", 10}, {"http://a/y", 10}});
}

TEST_CASE_FIXTURE(MetricsFixture, "errors that differ only in their text are told apart") {
  metrics.record(context, request, 0, HttpVersion::kHttp11, Verdict::kUnexpected,
                 failure(ErrorCode::kGeneric, "EOF"));
  CHECK(tags().at("error") == "EOF");
  metrics.record(context, request, 0, HttpVersion::kHttp11, Verdict::kUnexpected,
                 failure(ErrorCode::kGeneric, "unexpected EOF"));
  CHECK(tags().at("error") == "unexpected EOF");
  metrics.record(context, request, 0, HttpVersion::kHttp11, Verdict::kUnexpected,
                 failure(ErrorCode::kGeneric, "EOF"));
  CHECK(tags().at("error") == "EOF");
}

TEST_CASE_FIXTURE(MetricsFixture, "error texts without end share one") {
  for (int i = 0; i < 1000; ++i) {
    metrics.record(context, request, 0, HttpVersion::kHttp11, Verdict::kUnexpected,
                   failure(ErrorCode::kGeneric, "error " + std::to_string(i)));
  }
  CHECK(tags().at("error") == "(too many different errors)");
  CHECK(shard.series_count() == 256 * 9);
  metrics.record(context, request, 0, HttpVersion::kHttp11, Verdict::kUnexpected,
                 failure(ErrorCode::kGeneric, "error 3"));
  CHECK(tags().at("error") == "error 3");
}

TEST_CASE_FIXTURE(MetricsFixture, "URLs without end share a name") {
  for (size_t i = 0; i < limits::kTagSets + 100; ++i) {
    const RequestTagsId one = metrics.request_tags("GET", "http://a/" + std::to_string(i), "", {});
    metrics.record(context, one, 200, HttpVersion::kHttp11, Verdict::kExpected, success());
  }
  CHECK(tags().at("name") == kTooManyTagSets);
  CHECK(tags().at("scenario") == "steady");
  CHECK(tags().at("status") == "200");
  CHECK(shard.tags().refused() > 0);
  CHECK(shard.tags().size() <= limits::kTagSets * 11 / 10 + 1);
}

TEST_CASE_FIXTURE(MetricsFixture, "a request that was sent again is counted apart") {
  Outcome outcome = success();
  outcome.retries = 1;
  metrics.record(context, request, 200, HttpVersion::kHttp11, Verdict::kExpected, outcome);
  REQUIRE(tap.rows.size() == 10);
  CHECK(tap.rows.back().metric == "http_reqs_retried");
  CHECK(tap.rows.back().value == 1);
  CHECK(tags().at("url") == "http://a/x");
  CHECK(tags().at("scenario") == "steady");
}

TEST_CASE_FIXTURE(MetricsFixture,
                  "a request that the end of the run cut off is one sample of its own") {
  const Instant at(std::chrono::seconds(9));
  metrics.record_cut_off(context, request, {.sent = true}, at);
  metrics.record_cut_off(context, request, {}, at);
  REQUIRE(tap.rows.size() == 1);
  CHECK(tap.rows[0].metric == "http_reqs_interrupted");
  CHECK(tap.rows[0].value == 1);
  CHECK(tap.rows[0].at == Instant(std::chrono::seconds(9)));
  CHECK(tags().at("url") == "http://a/x");
  CHECK_FALSE(tags().contains("status"));
}

TEST_CASE_FIXTURE(MetricsFixture, "the retries of a request that was cut off count, too") {
  metrics.record_cut_off(context, request, {.sent = false, .retries = 2}, Instant());
  REQUIRE(tap.rows.size() == 1);
  CHECK(tap.rows[0].metric == "http_reqs_retried");
  CHECK(tap.rows[0].value == 2);
}

}  // namespace
}  // namespace perigee::http
