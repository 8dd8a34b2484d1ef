// When a kept connection is used again, and in which state it is by then.
#include <doctest/doctest.h>

#include "tests/engine/http/http_fixture.h"

namespace perigee::http {
namespace {

std::string in_chunks(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n" + body + "\r\n0\r\n\r\n";
}

// Sends `count` POSTs one right behind the other's response.
struct ClosedLoop : HttpFixture {
  std::vector<Response> responses;

  void post(const RawServer& server, size_t count, bool repeatable = false) {
    Request request = HttpFixture::request(server.url(), "POST");
    request.body = "body";
    request.repeatable = repeatable;
    Answer answer;
    answer.after_end = [&] {
      responses.push_back(answer.response);
      if (responses.size() == count) return loop.stop();
      start(request, answer);
    };
    start(request, answer);
    run();
  }
};

TEST_CASE_FIXTURE(
    ClosedLoop, "no POST is lost to a server that closes right behind its responses unannounced") {
  std::string bytes;
  SUBCASE("of a known length") {
    bytes = ok("x");
  }
  SUBCASE("in chunks") {
    bytes = in_chunks("x");
  }
  RawServer server({{RawServer::request(), RawServer::send(bytes)}});
  post(server, 50);
  for (const Response& response : responses) {
    CHECK(response.body == "x");
    CHECK(response.outcome.retries == 0);
  }
  CHECK(server.connections() == 50);
}

TEST_CASE_FIXTURE(ClosedLoop, "a server that keeps its connections sees one only") {
  RawServer server({answers(20)});
  post(server, 20);
  CHECK(responses.back().body == "x");
  CHECK(server.connections() == 1);
  // Of all requests that did not connect the second alone has waited.
  CHECK(responses[1].outcome.timings.blocked > Duration::zero());
  for (size_t i = 2; i < responses.size(); ++i)
    CHECK(responses[i].outcome.timings.blocked == Duration::zero());
}

TEST_CASE_FIXTURE(ClosedLoop, "requests that may be repeated do not wait for an unknown server") {
  RawServer server({answers(2)});
  post(server, 2, /*repeatable=*/true);
  CHECK(responses[1].outcome.timings.blocked == Duration::zero());
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(HttpFixture, "a connection that may only be used later is closed for a new one") {
  Client one(loop, network, deadlines, {.connections = {.per_host = 1}});
  RawServer server({{RawServer::request(), RawServer::send(ok("x"))}});
  const Request post = request(server.url(), "POST");
  Answer answer;
  answer.after_end = [&] {
    CHECK(answer.response.body == "x");
    if (answer.ends == 20) return loop.stop();
    answer.start(one, pool, post);
  };
  answer.start(one, pool, post);
  run();
  CHECK(answer.ends == 20);
  CHECK(server.connections() == 20);
}

TEST_CASE_FIXTURE(HttpFixture, "a request that waits for a connection to settle can be cancelled") {
  RawServer server({answers(3)});
  CHECK(send(request(server.url(), "POST")).body == "x");
  Answer waiting;
  start(request(server.url(), "POST"), waiting);
  CHECK_FALSE(cancel(waiting));
  CHECK(send(request(server.url(), "POST")).body == "x");
  CHECK(waiting.ends == 0);
  CHECK(server.requests().size() == 2);
}

TEST_CASE_FIXTURE(HttpFixture, "a request that waits for a connection to settle can time out") {
  RawServer server({answers(3)});
  CHECK(send(request(server.url(), "POST")).body == "x");
  Request post = request(server.url(), "POST");
  post.timeout = std::chrono::milliseconds(1);
  CHECK(send(post).outcome.error.code == ErrorCode::kRequestTimeout);
  CHECK(server.requests().size() == 1);
}

TEST_CASE_FIXTURE(HttpFixture,
                  "a connection whose reading was paused when its response ended is read again") {
  RawServer server({{RawServer::request(), RawServer::send(ok("first")), RawServer::request(),
                     RawServer::send(ok("second")), RawServer::hang()}});
  Answer first;
  first.after_body = [&] { first.exchange.pause(); };
  first.after_end = [&] { loop.stop(); };
  start(request(server.url()), first);
  run();
  CHECK(get(server.url()).body == "second");
  CHECK(server.connections() == 1);
}

}  // namespace
}  // namespace perigee::http
