#include "engine/export/prometheus/scrape_endpoint.h"

#include <stdexcept>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/export/exports.h"
#include "engine/http/content_decoder.h"
#include "engine/metrics/aggregator.h"
#include "tests/support/raw_client.h"

namespace perigee::exports {
namespace {

// The exports of a run that the test plays.
struct Fixture {
  Fixture() : reqs(registry.add("http_reqs", MetricKind::kCounter)) {
    registry.add("vus", MetricKind::kGauge);
    registry.add("vus_max", MetricKind::kGauge);
    open();
  }

  void open(const std::string& spec = "prometheus=127.0.0.1:0") {
    exports = Exports::open({"csv=x", spec}, context());
  }

  ExportContext context() {
    return {.registry = registry, .run = {}, .log = log, .where = "--out"};
  }

  uint16_t port() const {
    const size_t at = logged.rfind("http://127.0.0.1:");
    REQUIRE(at != std::string::npos);
    return static_cast<uint16_t>(std::stoul(logged.substr(at + 17)));
  }

  // A second in which so many requests end, which has gone through when this returns.
  void second(int requests) {
    Snapshot snapshot;
    SeriesDelta delta{reqs, std::make_shared<const TagSet>(TagSet{{"name", "a"}}),
                      Sink(MetricKind::kCounter)};
    delta.sink.add(requests, Instant{});
    snapshot.series.push_back(std::move(delta));
    exports->recorder().add(snapshot);
    exports->recorder().tick({.vus_active = 4, .vus_initialized = 6});
    exports->finish();
  }

  std::string page() { return RawClient(port()).get("/metrics").body; }

  std::string logged;
  Log log{LogLevel::kInfo, [this](std::string_view line) { logged += line; }};
  MetricRegistry registry;
  MetricId reqs;
  std::unique_ptr<Exports> exports;
};

bool has(const std::string& page, const std::string& line) {
  return ("\n" + page).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a scrape shows what the run has measured so far") {
  second(3);
  second(4);
  CHECK(has(page(), "perigee_http_reqs_total{name=\"a\"} 7"));
  CHECK(has(page(), "perigee_vus 4"));
  CHECK(has(page(), "perigee_vus_max 6"));
  CHECK(has(page(), "perigee_load_running 1"));
}

TEST_CASE_FIXTURE(Fixture,
                  "a scrape before the first second has no samples and says what run it is") {
  CHECK(page().find("perigee_http_reqs") == std::string::npos);
  CHECK(has(page(), "perigee_run_info 1"));
}

TEST_CASE_FIXTURE(Fixture, "thresholds are shown as they were last judged") {
  ThresholdReport report;
  report.verdicts.push_back({"http_reqs", parse_threshold("count>5"), false, 3});
  exports->recorder().judge(report);
  second(3);
  CHECK(has(page(), "perigee_threshold_ok{metric=\"http_reqs\",threshold=\"count>5\"} 0"));
  report.verdicts[0].ok = true;
  exports->recorder().judge(report);
  second(4);
  CHECK(has(page(), "perigee_threshold_ok{metric=\"http_reqs\",threshold=\"count>5\"} 1"));
}

TEST_CASE_FIXTURE(Fixture, "the format is the one that the scraper asks for") {
  RawClient client(port());
  CHECK(client.get("/metrics").headers["content-type"] ==
        "text/plain; version=0.0.4; charset=utf-8");
  client.send(
      "GET /metrics HTTP/1.1\r\nHost: a\r\nAccept: application/openmetrics-text;version=1.0.0\r\n"
      "\r\n");
  const RawAnswer open_metrics = client.read_answer();
  CHECK(open_metrics.headers.at("content-type") ==
        "application/openmetrics-text; version=1.0.0; charset=utf-8");
  CHECK(open_metrics.body.ends_with("# EOF\n"));
}

TEST_CASE_FIXTURE(Fixture, "the page is compressed for who asks for gzip") {
  second(3);
  RawClient client(port());
  const std::string plain = client.get("/metrics").body;
  client.send("GET /metrics HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip, deflate\r\n\r\n");
  const RawAnswer packed = client.read_answer();
  CHECK(packed.headers.at("content-encoding") == "gzip");
  CHECK(packed.headers.at("vary") == "Accept, Accept-Encoding");
  CHECK(packed.body.size() < plain.size());
  std::string_view in = packed.body;
  std::string unpacked(2 * plain.size(), '\0');
  std::span<uint8_t> out(reinterpret_cast<uint8_t*>(unpacked.data()), unpacked.size());
  const auto decoder = http::ContentDecoder::make(http::ContentCoding::kGzip);
  CHECK(decoder->decode(in, out) == nullptr);
  CHECK(decoder->ended());
  unpacked.resize(unpacked.size() - out.size());
  CHECK(unpacked == plain);
}

TEST_CASE_FIXTURE(Fixture, "what is no scrape is told where the metrics are") {
  RawClient client(port());
  CHECK(client.get("/").headers["location"] == "/metrics");
  CHECK(client.get("/metric").status == 404);
  CHECK(client.post("/metrics", "x").status == 405);
}

TEST_CASE_FIXTURE(Fixture, "an address in use is refused under the name of the output") {
  const std::string taken = fmt::format("127.0.0.1:{}", port());
  CHECK_THROWS_WITH_AS(
      open("prometheus=" + taken),
      fmt::format("--out: prometheus: cannot listen at {}: Address already in use", taken).c_str(),
      ConfigError);
}

TEST_CASE_FIXTURE(Fixture, "a run without exports has none") {
  CHECK(Exports::open({"csv=x", "results=y"}, context()) == nullptr);
}

}  // namespace perigee::exports
