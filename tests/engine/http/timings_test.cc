#include <doctest/doctest.h>

#include "tests/engine/http/http_fixture.h"

namespace perigee::http {
namespace {

using std::chrono::milliseconds;

TEST_CASE_FIXTURE(HttpFixture, "a fresh connection takes time to connect, a kept one takes none") {
  RawServer server({{RawServer::request(), RawServer::send(ok("x")), RawServer::request(),
                     RawServer::send(ok("x")), RawServer::hang()}});
  const Timings fresh = get(server.url()).outcome.timings;
  CHECK(fresh.connecting > Duration::zero());
  CHECK(fresh.blocked >= fresh.connecting);
  CHECK(fresh.sending > Duration::zero());
  CHECK(fresh.waiting > Duration::zero());
  CHECK(fresh.tls_handshaking == Duration::zero());

  const Timings kept = get(server.url()).outcome.timings;
  CHECK(kept.connecting == Duration::zero());
  CHECK(kept.blocked == Duration::zero());
  CHECK(kept.sending > Duration::zero());
}

TEST_CASE_FIXTURE(HttpFixture, "the parts of an exchange add up to the whole") {
  RawServer server(
      {{RawServer::request(), RawServer::send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n"),
        RawServer::send("\r\nabc"), RawServer::send("def"), RawServer::hang()}});
  const Outcome outcome = get(server.url()).outcome;
  const Timings& timings = outcome.timings;
  CHECK(timings.blocked + timings.sending + timings.waiting + timings.receiving ==
        outcome.ended - outcome.started);
  CHECK(timings.duration() == timings.sending + timings.waiting + timings.receiving);
}

// When the first byte of the answer came, as the timings tell it.
Instant first_byte(const Outcome& outcome) {
  const Timings& timings = outcome.timings;
  return outcome.started + timings.blocked + timings.sending + timings.waiting;
}

TEST_CASE_FIXTURE(HttpFixture, "a slow server is waited for") {
  RawServer server(
      {{RawServer::request(), RawServer::gate(), RawServer::send(ok("x")), RawServer::hang()}});
  Instant opened;
  Timer open(loop.timers(), [&] {
    opened = loop.now();
    server.open_gate();
  });
  open.start(loop.now() + milliseconds(20));
  const Outcome outcome = get(server.url()).outcome;
  CHECK(first_byte(outcome) >= opened);
  CHECK(outcome.timings.receiving == Duration::zero());
}

TEST_CASE_FIXTURE(HttpFixture, "a slow body is received, not waited for") {
  RawServer server(
      {{RawServer::request(), RawServer::send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na"),
        RawServer::gate(), RawServer::send("b"), RawServer::hang()}});
  Instant opened;
  Answer answer;
  answer.after_body = [&] {
    if (answer.bodies > 1) return;
    opened = loop.now();
    server.open_gate();
  };
  answer.after_end = [&] { loop.stop(); };
  start(request(server.url()), answer);
  run();
  const Outcome& outcome = answer.response.outcome;
  CHECK(first_byte(outcome) <= opened);
  CHECK(first_byte(outcome) + outcome.timings.receiving >= opened);
  CHECK(first_byte(outcome) + outcome.timings.receiving == outcome.ended);
}

TEST_CASE_FIXTURE(HttpFixture,
                  "an answer that begins before the request has left ends the sending") {
  const std::string body = large_body();
  RawServer server(
      {{RawServer::send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"), RawServer::gate(),
        RawServer::request(), RawServer::send("x"), RawServer::hang()}});
  Request post = request(server.url(), "POST");
  post.body = body;
  Answer answer;
  answer.after_head = [&] { server.open_gate(); };
  answer.after_end = [&] { loop.stop(); };
  start(post, answer);
  run();
  const Outcome& outcome = answer.response.outcome;
  CHECK(answer.response.body == "x");
  CHECK(outcome.timings.waiting == Duration::zero());
  CHECK(first_byte(outcome) + outcome.timings.receiving == outcome.ended);
}

TEST_CASE_FIXTURE(HttpFixture, "without an answer the waiting lasts until the end") {
  RawServer server({{RawServer::request(), RawServer::hang()}});
  Request slow = request(server.url());
  slow.timeout = milliseconds(20);
  const Outcome outcome = send(slow).outcome;
  CHECK(outcome.timings.receiving == Duration::zero());
  CHECK(outcome.timings.waiting > Duration::zero());
  CHECK(outcome.timings.blocked + outcome.timings.duration() == outcome.ended - outcome.started);
}

TEST_CASE_FIXTURE(HttpFixture, "a request that never left whole was being sent until the end") {
  const std::string body = large_body();
  RawServer server({{RawServer::gate(), RawServer::hang()}});
  Request post = request(server.url(), "POST");
  post.body = body;
  post.timeout = milliseconds(20);
  const Outcome outcome = send(post).outcome;
  CHECK(outcome.error.code == ErrorCode::kRequestTimeout);
  CHECK(outcome.timings.waiting == Duration::zero());
  CHECK(outcome.timings.sending == outcome.ended - outcome.started - outcome.timings.blocked);
}

}  // namespace
}  // namespace perigee::http
