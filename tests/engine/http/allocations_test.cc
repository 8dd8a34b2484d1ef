#include <cstdlib>
#include <new>

#include <doctest/doctest.h>

#include "engine/http/http_metrics.h"
#include "tests/engine/http/http_fixture.h"

namespace {

// The server of the test runs on other threads, which are not counted.
thread_local size_t allocations = 0;

void* counted(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace perigee::http {
namespace {

// Sends one request after the other and records each.
struct Sender : ResponseSink {
  Sender(HttpFixture& owner, HttpMetrics& recorder, const Request& what)
      : fixture(owner), metrics(recorder), request(what) {}

  void next() {
    collector.begin(true);
    exchange.start(fixture.client.exchanges(), fixture.pool, request, *this);
  }

  void on_head(const ResponseHead& head) override { collector.add_head(head); }
  void on_body(std::string_view bytes, Instant /*at*/) override { collector.add_body(bytes); }
  void on_end(const Outcome& outcome) override {
    const Response& response = collector.end(outcome);
    metrics.record(0, tags, response.status, response.version, Verdict::kExpected,
                   response.outcome);
    successes += response.status == 200 ? 1 : 0;
    if (++ended == kWarm) before = allocations;
    if (ended < kWarm + kMeasured) {
      next();
    } else {
      after = allocations;
      fixture.loop.stop();
    }
  }

  static constexpr int kWarm = 200;
  static constexpr int kMeasured = 200;
  HttpFixture& fixture;
  HttpMetrics& metrics;
  const Request& request;
  Exchange exchange;
  ResponseCollector collector;
  RequestTagsId tags = metrics.request_tags("POST", "http://a/", "", {});
  int ended = 0;
  int successes = 0;
  size_t before = 0;
  size_t after = 0;
};

TEST_CASE_FIXTURE(HttpFixture, "a warm client allocates nothing per request") {
  RawServer::Script script;
  for (int i = 0; i < Sender::kWarm + Sender::kMeasured; ++i) {
    script.push_back(RawServer::request());
    script.push_back(RawServer::send(ok(std::string(500, 'x'))));
  }
  RawServer server({script});
  MetricRegistry registry;
  const HttpMetricIds ids = HttpMetricIds::declare(registry);
  MetricShard shard(registry);
  HttpMetrics metrics(ids, shard);
  Request post =
      request(server.url("/a/path/that/is/long/enough/not/to/fit/into/a/string"), "POST");
  const std::vector<Header> headers = {{"Content-Type", "application/json"}, {"X-Id", "7"}};
  post.headers = headers;
  post.body = "body";

  Sender sender(*this, metrics, post);
  sender.next();
  run();
  CHECK(sender.successes == 400);
  // A time that falls into a range where none has been before opens a chunk of its histogram.
  CHECK(sender.after - sender.before < Sender::kMeasured / 2);
}

}  // namespace
}  // namespace perigee::http
