#include <doctest/doctest.h>

#include "tests/engine/http/http_fixture.h"

namespace perigee::http {
namespace {

// Sends a GET, lets the server close the kept connection while the client looks away, and sends
// another request into it.
struct StaleConnection : HttpFixture {
  Response second;

  void meet(RawServer& server, std::string_view method, std::string_view body = "") {
    Answer first, next;
    Request again = request(server.url(), method);
    again.body = body;
    first.after_end = [&] {
      CHECK(first.response.status == 200);
      server.open_gate();
      REQUIRE(server.wait_for_closes(1));
      start(again, next);
    };
    next.after_end = [&] { loop.stop(); };
    start(request(server.url()), first);
    run();
    CHECK(next.ends == 1);
    second = next.response;
  }
};

const RawServer::Script kClosesIdle = {RawServer::request(), RawServer::send(ok("first")),
                                       RawServer::gate()};
const RawServer::Script kResetsIdle = {RawServer::request(), RawServer::send(ok("first")),
                                       RawServer::gate(), RawServer::reset()};
const RawServer::Script kAnswers = {RawServer::request(), RawServer::send(ok("second")),
                                    RawServer::hang()};
const RawServer::Script kClosesOnRequest = {RawServer::request(), RawServer::send(ok("first")),
                                            RawServer::request()};

TEST_CASE_FIXTURE(StaleConnection,
                  "a GET that meets a closed connection is sent again on a fresh one") {
  RawServer server({kClosesIdle, kAnswers});
  meet(server, "GET");
  CHECK(second.body == "second");
  CHECK(second.outcome.retries == 1);
  CHECK_FALSE(second.outcome.error);
  CHECK(server.connections() == 2);
}

TEST_CASE_FIXTURE(StaleConnection,
                  "a POST that could not be written to a reset connection is sent again") {
  RawServer server({kResetsIdle, kAnswers});
  meet(server, "POST", "body");
  CHECK(second.body == "second");
  CHECK(second.outcome.retries == 1);
  CHECK(server.requests().back().ends_with("\r\n\r\nbody"));
}

TEST_CASE_FIXTURE(HttpFixture,
                  "a kept connection that closes on a request: GET is sent again, POST is not") {
  RawServer server({kClosesOnRequest, kAnswers});
  CHECK(get(server.url()).body == "first");
  SUBCASE("GET") {
    const Response response = get(server.url());
    CHECK(response.body == "second");
    CHECK(response.outcome.retries == 1);
    CHECK(server.requests().size() == 3);
  }
  SUBCASE("PUT with a body") {
    Request put = request(server.url(), "PUT");
    put.body = "body";
    CHECK(send(put).body == "second");
    CHECK(server.requests().at(1) == server.requests().at(2));
  }
  SUBCASE("POST") {
    const Response response = send(request(server.url(), "POST"));
    CHECK(response.status == 0);
    CHECK(response.outcome.error.text == "EOF");
    CHECK(response.outcome.retries == 0);
    CHECK(server.connections() == 1);
  }
}

TEST_CASE_FIXTURE(HttpFixture, "a fresh connection that closes on a request is not tried again") {
  RawServer server({{RawServer::request()}, kAnswers});
  const Response response = get(server.url());
  CHECK(response.outcome.error.text == "EOF");
  CHECK(response.outcome.retries == 0);
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(HttpFixture, "a request is sent again once, not twice") {
  RawServer server({kClosesOnRequest, {RawServer::request()}, kAnswers});
  CHECK(get(server.url()).body == "first");
  const Response response = get(server.url());
  CHECK(response.outcome.error.text == "EOF");
  CHECK(response.outcome.retries == 1);
  CHECK(server.connections() == 2);
}

TEST_CASE_FIXTURE(HttpFixture, "once a byte of an answer has come, a request is not sent again") {
  RawServer server({{RawServer::request(), RawServer::send(ok("first")), RawServer::request(),
                     RawServer::send("H")},
                    kAnswers});
  get(server.url());
  const Response response = get(server.url());
  CHECK(response.outcome.error.text == "unexpected EOF");
  CHECK(response.outcome.retries == 0);
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(HttpFixture,
                  "a server that is gone when the request is sent again has refused it") {
  auto server = std::make_unique<RawServer>(std::vector<RawServer::Script>{kClosesIdle});
  const std::string url = server->url();
  Answer first, next;
  first.after_end = [&] {
    server.reset();
    start(request(url), next);
  };
  next.after_end = [&] { loop.stop(); };
  start(request(url), first);
  run();
  CHECK(next.response.outcome.error.code == ErrorCode::kDialRefused);
  CHECK(next.response.outcome.retries == 1);
}

TEST_CASE_FIXTURE(StaleConnection,
                  "the timings of a request sent again are those of the fresh connection") {
  RawServer server({kClosesIdle, kAnswers});
  meet(server, "GET");
  const Timings& timings = second.outcome.timings;
  CHECK(timings.connecting > Duration::zero());
  CHECK(timings.blocked >= timings.connecting);
  CHECK(timings.blocked + timings.duration() == second.outcome.ended - second.outcome.started);
}

}  // namespace
}  // namespace perigee::http
