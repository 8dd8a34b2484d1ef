// A client with a pool of connections on a loop, for the tests of this folder.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/http/client.h"
#include "engine/http/connection_pool.h"
#include "tests/support/http_answers.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/raw_server.h"

namespace perigee::http {

// More than the buffers of both kernels hold: it leaves only as the server reads.
inline std::string large_body() {
  std::string body;
  body.resize(20'000'000, 'q');
  return body;
}

// Keeps the response, counts what it hears, and calls the test back at the end. When a test fails
// before that, it cancels the exchange.
struct Answer : ResponseSink {
  Answer() = default;
  ~Answer() override {
    if (exchange.active()) exchange.cancel();
  }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  Exchange exchange;
  ResponseCollector collector;
  Response response;
  int heads = 0;
  int bodies = 0;
  int ends = 0;
  std::function<void()> after_head, after_body, after_end;

  void start(const Client& client, ConnectionPool& pool, const Request& request) {
    collector.begin(true);
    exchange.start(client.exchanges(), pool, request, *this);
  }

  void on_head(const ResponseHead& head) override {
    ++heads;
    collector.add_head(head);
    if (after_head) after_head();
  }
  void on_body(std::string_view bytes, Instant /*at*/) override {
    ++bodies;
    collector.add_body(bytes);
    if (after_body) after_body();
  }

  void on_trailers(std::string_view fields) override { collector.add_trailers(fields); }
  void on_end(const Outcome& outcome) override {
    ++ends;
    response = collector.end(outcome);
    if (after_end) after_end();
  }
};

struct HttpFixture : LoopFixture {
  explicit HttpFixture(HttpVersions versions = HttpVersions::kNegotiated)
      : client(loop, network, deadlines, {.user_agent = "perigee/test", .versions = versions}) {}

  Network network{loop};
  Deadlines deadlines{loop.timers()};
  Client client;
  Traffic traffic;
  ConnectionPool pool{traffic};

  static Request request(const std::string& url, std::string_view method = "GET") {
    std::string error;
    auto parsed = parse_url(url, error);
    REQUIRE_MESSAGE(parsed, error);
    Request result;
    result.url = std::make_shared<const Url>(std::move(*parsed));
    result.method = method;
    return result;
  }

  void start(const Request& request, Answer& answer) { answer.start(client, pool, request); }
  void start(ConnectionPool& from, const Request& request, Answer& answer) {
    answer.start(client, from, request);
  }
  // True if the request had been sent, or its head.
  static bool cancel(Answer& answer) { return answer.exchange.cancel(); }

  // Sends the request and runs the loop until its end.
  Response send(const Request& request) {
    Answer answer;
    answer.after_end = [this] { loop.stop(); };
    start(request, answer);
    run();
    CHECK(answer.ends == 1);
    return answer.response;
  }

  // Runs the loop until the server has seen a connection closed.
  void run_until_closed(RawServer& server) {
    std::thread waiting([&] {
      server.wait_for_closes(1);
      loop.post([this] { loop.stop(); });
    });
    run();
    waiting.join();
  }

  Response get(const std::string& url) { return send(request(url)); }
};

}  // namespace perigee::http
