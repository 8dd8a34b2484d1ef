#include <doctest/doctest.h>

#include "engine/base/limits.h"
#include "tests/engine/http/http_fixture.h"

namespace perigee::http {
namespace {

TEST_CASE_FIXTURE(HttpFixture, "a connection is kept and used again") {
  RawServer server({answers(3)});
  for (int i = 0; i < 3; ++i)
    CHECK(get(server.url()).body == "x");
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(HttpFixture, "pools do not share connections") {
  RawServer server({answers(1)});
  get(server.url());
  ConnectionPool other(traffic);
  Answer answer;
  answer.after_end = [&] { loop.stop(); };
  start(other, request(server.url()), answer);
  run();
  CHECK(answer.response.body == "x");
  CHECK(server.connections() == 2);
}

TEST_CASE_FIXTURE(HttpFixture, "each host and port has connections of its own") {
  RawServer one({answers(2)}), two({answers(1)});
  get(one.url());
  get(two.url());
  get(one.url("/other"));
  get("http://localhost:" + std::to_string(one.port()) + "/");
  CHECK(one.connections() == 2);
  CHECK(two.connections() == 1);
}

TEST_CASE_FIXTURE(HttpFixture, "a connection is not used again when either side wants it closed") {
  const std::string closing = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx";
  const std::string old = "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx";
  Request first;
  std::vector<Header> headers;
  std::string bytes = ok("x");
  SUBCASE("the server says close") {
    bytes = closing;
  }
  SUBCASE("the server speaks HTTP/1.0") {
    bytes = old;
  }
  SUBCASE("the script says close") {
    headers = {{"Connection", "close"}};
  }
  RawServer server({{RawServer::request(), RawServer::send(bytes), RawServer::hang()}, answers(1)});
  first = request(server.url());
  first.headers = headers;
  CHECK(send(first).body == "x");
  CHECK(server.wait_for_closes(1));
  CHECK(get(server.url()).body == "x");
  CHECK(server.connections() == 2);
}

TEST_CASE_FIXTURE(HttpFixture, "HTTP/1.0 with keep-alive keeps the connection") {
  const std::string kept =
      "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx";
  RawServer server({{RawServer::request(), RawServer::send(kept), RawServer::request(),
                     RawServer::send(kept), RawServer::hang()}});
  get(server.url());
  CHECK(get(server.url()).body == "x");
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(HttpFixture, "a kept connection that the server closes is dropped at once") {
  RawServer server(
      {{RawServer::request(), RawServer::send(ok("x")), RawServer::gate()}, answers(1)});
  get(server.url());
  server.open_gate();
  REQUIRE(server.wait_for_closes(1));
  turn();
  // A POST would not be sent again if it had met the dead connection.
  const Response response = send(request(server.url(), "POST"));
  CHECK(response.body == "x");
  CHECK(response.outcome.retries == 0);
  CHECK(server.connections() == 2);
}

TEST_CASE_FIXTURE(HttpFixture, "bytes that nobody asked for end a connection") {
  SUBCASE("right behind an answer") {
    RawServer server(
        {{RawServer::request(), RawServer::send(ok("x") + "more"), RawServer::hang()}, answers(1)});
    CHECK(get(server.url()).body == "x");
    CHECK(server.wait_for_closes(1));
    CHECK(get(server.url()).body == "x");
    CHECK(server.connections() == 2);
  }
  SUBCASE("while the connection is idle") {
    RawServer server({{RawServer::request(), RawServer::send(ok("x")), RawServer::gate(),
                       RawServer::send(ok("y")), RawServer::hang()},
                      answers(1)});
    CHECK(get(server.url()).body == "x");
    server.open_gate();
    run_until_closed(server);
    CHECK(get(server.url()).body == "x");
    CHECK(server.connections() == 2);
  }
}

TEST_CASE_FIXTURE(
    HttpFixture,
    "an answer that comes before the request has left is taken, and the connection closed") {
  const std::string body = large_body();
  RawServer server({{RawServer::send("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"),
                     RawServer::gate(), RawServer::hang()},
                    answers(1)});
  Request post = request(server.url(), "POST");
  post.body = body;
  CHECK(send(post).status == 413);
  server.open_gate();
  turn();
  CHECK(server.wait_for_closes(1));
  CHECK(get(server.url()).body == "x");
  CHECK(server.connections() == 2);
}

TEST_CASE_FIXTURE(HttpFixture, "a pool keeps a bounded number of idle connections to a host") {
  const int count = static_cast<int>(limits::kIdleConnectionsPerHost) + 5;
  RawServer server({answers(100)});
  std::vector<Answer> first(static_cast<size_t>(count));
  int left = count;
  for (Answer& answer : first) {
    answer.after_end = [&] {
      if (--left == 0) loop.stop();
    };
    start(request(server.url()), answer);
  }
  run();
  CHECK(server.connections() == static_cast<size_t>(count));
  CHECK(server.wait_for_closes(5));
  // As many again: those that were kept are used, the others are made.
  left = count;
  for (Answer& answer : first)
    start(request(server.url()), answer);
  run();
  CHECK(server.connections() == static_cast<size_t>(count) + 5);
}

TEST_CASE_FIXTURE(HttpFixture, "a pool keeps a bounded number of idle connections in all") {
  Client small(loop, network, deadlines, {.idle_connections = 2});
  RawServer one({answers(2)}), two({answers(2)}), three({answers(2)});
  const auto ask = [&](RawServer& server) {
    Answer answer;
    answer.after_end = [&] { loop.stop(); };
    answer.start(small, pool, request(server.url()));
    run();
    CHECK(answer.response.body == "x");
  };
  ask(one);
  ask(two);
  ask(three);
  turn();
  CHECK(one.wait_for_closes(1));
  ask(two);
  ask(three);
  CHECK(two.connections() == 1);
  CHECK(three.connections() == 1);
  ask(one);
  CHECK(one.connections() == 2);
}

TEST_CASE_FIXTURE(HttpFixture, "without reuse each request has a connection of its own") {
  Client single(loop, network, deadlines, {.user_agent = "t", .reuse_connections = false});
  RawServer server({answers(2)});
  for (int i = 0; i < 2; ++i) {
    Answer answer;
    answer.after_end = [&] { loop.stop(); };
    answer.start(single, pool, request(server.url()));
    run();
    CHECK(answer.response.body == "x");
  }
  turn();
  CHECK(server.wait_for_closes(2));
  CHECK(server.connections() == 2);
  CHECK(server.requests().at(0).find("\r\nConnection: close\r\n") != std::string::npos);
}

TEST_CASE_FIXTURE(HttpFixture, "the connection that was used last is used next") {
  const size_t count = limits::kIdleConnectionsPerHost + 5;
  std::vector<RawServer::Script> scripts;
  for (size_t i = 0; i < count; ++i) {
    const std::string own_name = ok(std::to_string(i));
    scripts.push_back({RawServer::request(), RawServer::send(own_name), RawServer::request(),
                       RawServer::send(own_name), RawServer::hang()});
  }
  RawServer server(scripts);
  std::vector<Answer> all(count);
  std::vector<std::string> ended;
  for (Answer& answer : all) {
    answer.after_end = [&] {
      ended.push_back(answer.response.body);
      if (ended.size() == count) loop.stop();
    };
    start(request(server.url()), answer);
  }
  run();
  CHECK(get(server.url()).body == ended.back());
  CHECK(server.connections() == count);
}

TEST_CASE_FIXTURE(HttpFixture, "a pool closes its idle connections when asked") {
  RawServer server({answers(2)});
  get(server.url());
  pool.close_idle();
  turn();
  CHECK(server.wait_for_closes(1));
  get(server.url());
  CHECK(server.connections() == 2);
}

TEST_CASE_FIXTURE(HttpFixture, "closing idle connections leaves the busy ones alone") {
  RawServer server(
      {{RawServer::request(), RawServer::gate(), RawServer::send(ok("x")), RawServer::hang()}});
  Answer answer;
  answer.after_end = [&] { loop.stop(); };
  start(request(server.url()), answer);
  REQUIRE(server.wait_for_connections(1));
  turn();
  turn();
  pool.close_idle();
  server.open_gate();
  run();
  CHECK(answer.response.body == "x");
}

}  // namespace
}  // namespace perigee::http
