#include <doctest/doctest.h>

#include "tests/engine/http/http2_fixture.h"

namespace perigee::http {
namespace {

struct Limited {
  Client client;
  explicit Limited(HttpFixture& fixture, ClientSettings settings)
      : client(fixture.loop, fixture.network, fixture.deadlines, std::move(settings)) {}

  void start(ConnectionPool& pool, const Request& request, Answer& answer) {
    answer.start(client, pool, request);
  }
};

TEST_CASE_FIXTURE(Http2Fixture, "who waits for another's dial dials when that one gives up") {
  RawServer server({{RawServer::send(http2::settings()), http2::await_request(),
                     RawServer::send(http2::answer(1, "x")), RawServer::hang()}});
  Answer first, second;
  second.after_end = [&] { loop.stop(); };
  start(request(server.url()), first);
  start(request(server.url()), second);
  CHECK_FALSE(cancel(first));
  run();
  CHECK(second.response.body == "x");
}

TEST_CASE_FIXTURE(Http2Fixture, "who waits for another's dial fails with it") {
  const std::vector<Response> responses = send_all(request("http://127.0.0.1:1/"), 5);
  for (const Response& response : responses)
    CHECK(response.outcome.error.code == ErrorCode::kDialRefused);
}

// Allows two streams and answers so many pairs.
RawServer::Script pairs(uint32_t count) {
  RawServer::Script script{RawServer::send(http2::settings({{http2::kMaxConcurrentStreams, 2}}))};
  for (uint32_t i = 0; i < count; ++i) {
    script.push_back(http2::await_request(2));
    script.push_back(
        RawServer::send(http2::answer(4 * i + 1, "x") + http2::answer(4 * i + 3, "x")));
  }
  script.push_back(RawServer::hang());
  return script;
}

TEST_CASE_FIXTURE(Http2Fixture, "requests beyond what a connection may carry get a further one") {
  RawServer server(
      {{RawServer::send(http2::settings({{http2::kMaxConcurrentStreams, 2}})),
        http2::await_request(), RawServer::send(http2::answer(1, "x")), http2::await_request(2),
        RawServer::gate(), RawServer::send(http2::answer(3, "x") + http2::answer(5, "x")),
        RawServer::hang()},
       pairs(1)});
  CHECK(get(server.url()).body == "x");
  // Or a request that waits for the second connection might go to the first.
  std::thread opener([&] {
    server.wait_for_requests(3);
    server.open_gate();
  });
  for (const Response& response : send_all(request(server.url()), 4))
    CHECK(response.body == "x");
  opener.join();
  CHECK(server.connections() == 2);
}

TEST_CASE_FIXTURE(Http2Fixture, "with one connection at most, streams are taken in turn") {
  Limited one(*this, {.connections = {.per_host = 1},
                      .versions = HttpVersions::kHttp2,
                      .streams_per_connection = 2});
  RawServer server({pairs(3)});
  std::vector<Answer> answers(6);
  int left = 6;
  for (Answer& answer : answers) {
    answer.after_end = [&] {
      if (--left == 0) loop.stop();
    };
    one.start(pool, request(server.url()), answer);
  }
  run();
  for (const Answer& answer : answers)
    CHECK(answer.response.body == "x");
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(Http2Fixture, "closing idle connections leaves the busy ones") {
  RawServer server({{RawServer::send(http2::settings()), http2::await_request(), RawServer::gate(),
                     RawServer::send(http2::answer(1, "x")), RawServer::hang()}});
  Answer answer;
  answer.after_end = [&] { loop.stop(); };
  answer.after_head = [&] { pool.close_idle(); };
  start(request(server.url()), answer);
  server.open_gate();
  run();
  CHECK(answer.response.body == "x");
  pool.close_idle();
  turn();
  CHECK(server.wait_for_closes(1));
}

}  // namespace
}  // namespace perigee::http
