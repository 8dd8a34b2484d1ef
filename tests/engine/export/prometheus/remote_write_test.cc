#include "engine/export/prometheus/remote_write.h"

#include <doctest/doctest.h>
#include <snappy.h>

#include "engine/export/limits.h"
#include "tests/engine/export/kept_pushes.h"
#include "tests/engine/export/run_book.h"
#include "tests/support/loop_fixture.h"

namespace perigee::exports {
namespace {

std::string header_of(const Push& push, std::string_view wanted) {
  for (const auto& [name, value] : push.headers) {
    if (name == wanted) return value;
  }
  return {};
}

// Keeps the question for version 2.0 apart, and answers it in a way of its own.
struct AskedReceiver final : PushTransport {
  AskedReceiver(std::unique_ptr<PushTransport> its_others, Loop& its_loop, size_t& its_sent,
                PushResult& its_answer)
      : others(std::move(its_others)), loop(its_loop), sent(its_sent), answer(its_answer) {}
  void send(const Push& push, std::function<void(PushResult)> done) override {
    const bool is_first = !asked && header_of(push, "X-Prometheus-Remote-Write-Version") == "2.0.0";
    ++sent;
    if (!is_first) return others->send(push, std::move(done));
    asked = true;
    CHECK(push.samples == 0);
    loop.post([this, done = std::move(done)] { done(answer); });
  }
  void cancel() override { others->cancel(); }

  std::unique_ptr<PushTransport> others;
  Loop& loop;
  size_t& sent;
  PushResult& answer;
  bool asked = false;
};

struct Fixture : LoopFixture, RunBook {
  void make(RemoteWriteSettings settings = {}) {
    if (settings.interval == Duration{}) settings.interval = std::chrono::seconds(5);
    auto transport = std::make_unique<AskedReceiver>(
        std::make_unique<KeptPushes>(loop, pushes, result), loop, sent, answer);
    writer.emplace(loop, std::move(transport), std::move(settings), "rw", log);
    writer->begin({.instant = Instant{}, .wall = WallTime(std::chrono::seconds(1000))});
  }
  void second(int number) {
    last.moment.at = Instant(std::chrono::seconds(number));
    writer->update(book, last);
    for (size_t before = sent + 1; before != sent;) {
      before = sent;
      turn();
    }
  }
  void finish() {
    writer->finish(book, [this] { loop.stop(); });
    LoopFixture::run();
  }
  // A push without its compression.
  std::string message(size_t index) const {
    std::string plain;
    REQUIRE(snappy::Uncompress(pushes.at(index).body.data(), pushes.at(index).body.size(), &plain));
    return plain;
  }
  std::string header(size_t index, const std::string& wanted) const {
    return header_of(pushes.at(index), wanted);
  }

  std::vector<Push> pushes;
  PushResult result;
  PushResult answer;  // to the question
  size_t sent = 0;
  Log log{LogLevel::kError, [](std::string_view) {}};
  std::optional<RemoteWrite> writer;
};

std::string written(const Fixture& run, int64_t time_ms, bool stale = false,
                    WriteVersion version = WriteVersion::kV1) {
  return write_request(version, written_series(run.book, {}, false), time_ms, stale);
}

}  // namespace

TEST_CASE_FIXTURE(Fixture,
                  "all totals are pushed at once, then once an interval, then in the end") {
  make({.stale_markers = false});
  const MetricId reqs = metric("http_reqs", MetricKind::kCounter);
  for (int at = 1; at <= 8; ++at) {
    add(reqs, {}, {1});
    second(at);
    if (at == 1) CHECK(message(0) == written(*this, 1'001'000));
    if (at == 6) CHECK(message(1) == written(*this, 1'006'000));
  }
  CHECK(pushes.size() == 2);
  finish();
  REQUIRE(pushes.size() == 3);
  CHECK(message(2) == written(*this, 1'008'000));
  CHECK(writer->losses().empty());
}

TEST_CASE_FIXTURE(Fixture,
                  "the last totals are pushed once, and their series end with stale markers") {
  make();
  add(metric("vus", MetricKind::kGauge), {}, {3});
  second(1);
  finish();
  REQUIRE(pushes.size() == 2);
  CHECK(message(0) == written(*this, 1'001'000));
  CHECK(message(1) == written(*this, 1'001'001, /*stale=*/true));
}

TEST_CASE_FIXTURE(Fixture, "a run that measured nothing pushes nothing") {
  make();
  finish();
  CHECK(pushes.empty());
}

TEST_CASE_FIXTURE(Fixture, "a receiver that speaks version 2.0 gets that from then on") {
  make({.stale_markers = false});
  add(metric("vus", MetricKind::kGauge), {}, {3});
  answer.fields = "X-Prometheus-Remote-Write-Samples-Written: 0\r\n";
  result.fields = "X-Prometheus-Remote-Write-Samples-Written: 1\r\n";
  second(1);
  CHECK(header(0, "X-Prometheus-Remote-Write-Version") == "0.1.0");
  CHECK(header(0, "Content-Type") == "application/x-protobuf");
  CHECK(header(0, "Content-Encoding") == "snappy");
  second(6);
  CHECK(header(1, "X-Prometheus-Remote-Write-Version") == "2.0.0");
  CHECK(header(1, "Content-Type") == "application/x-protobuf;proto=io.prometheus.write.v2.Request");
  CHECK(message(1) == written(*this, 1'006'000, false, WriteVersion::kV2));
}

TEST_CASE_FIXTURE(Fixture, "a receiver that can't read the question gets 1.0, whatever it says") {
  using Kind = PushResult::Kind;
  for (const Kind kind : {Kind::kAccepted, Kind::kRefused, Kind::kBusy}) {
    pushes.clear();
    answer = {.kind = kind, .reason = "no"};
    make({.stale_markers = false});
    add(metric("vus", MetricKind::kGauge), {}, {3});
    second(1);
    second(6);
    REQUIRE(pushes.size() == 2);
    CHECK(header(1, "X-Prometheus-Remote-Write-Version") == "0.1.0");
    CHECK(writer->losses().empty());
  }
}

TEST_CASE_FIXTURE(Fixture, "a receiver that can't read 2.0 any more gets 1.0 again") {
  make({.stale_markers = false});
  add(metric("vus", MetricKind::kGauge), {}, {3});
  answer.fields = "X-Prometheus-Remote-Write-Samples-Written: 0\r\n";
  result.fields = "X-Prometheus-Remote-Write-Samples-Written: 1\r\n";
  second(1);
  result = {.kind = PushResult::Kind::kRefused, .reason = "415 Unsupported Media Type"};
  second(6);
  second(11);
  CHECK(header(2, "X-Prometheus-Remote-Write-Version") == "0.1.0");
}

TEST_CASE_FIXTURE(Fixture, "what a receiver of version 2.0 has not written is lost") {
  make({.stale_markers = false});
  const MetricId vus = metric("vus", MetricKind::kGauge);
  for (int i = 0; i < 4; ++i)
    add(vus, {{"n", std::to_string(i)}}, {3});
  answer.fields = "X-Prometheus-Remote-Write-Samples-Written: 0\r\n";
  result.fields = "X-Prometheus-Remote-Write-Samples-Written: 4\r\n";
  second(1);
  result.fields = "X-Prometheus-Remote-Write-Samples-Written: 3\r\n";
  second(6);
  finish();
  REQUIRE(writer->losses().size() == 1);
  CHECK(writer->losses()[0].starts_with("rw: 1 samples are missing there"));
}

TEST_CASE_FIXTURE(Fixture, "native histograms go in requests of their own") {
  make({.stats = parse_trend_stats("max", "x"), .native_histograms = true, .stale_markers = false});
  add(metric("wait", MetricKind::kTrend, ValueKind::kTime), {}, {3});
  add(metric("vus", MetricKind::kGauge), {}, {3});
  second(1);
  REQUIRE(pushes.size() == 2);
  CHECK(message(0).find("k6_vus") != std::string::npos);
  CHECK(message(0).find("k6_wait_seconds") == std::string::npos);
  CHECK(message(1).find("k6_wait_seconds") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "many series go in several requests") {
  make({.stale_markers = false});
  const MetricId vus = metric("vus", MetricKind::kGauge);
  for (size_t i = 0; i < limits::kTagSets - 1; ++i)
    add(vus, {{"n", std::to_string(i)}}, {3});
  const MetricId vus_max = metric("vus_max", MetricKind::kGauge);
  for (size_t i = 0; i < limits::kTagSets - 1; ++i)
    add(vus_max, {{"n", std::to_string(i)}}, {3});
  second(1);
  REQUIRE(pushes.size() == 2);
  CHECK(pushes[0].samples == limits::kSeriesPerPush);
  CHECK(pushes[0].samples + pushes[1].samples == 2 * (limits::kTagSets - 1));
}

}  // namespace perigee::exports
