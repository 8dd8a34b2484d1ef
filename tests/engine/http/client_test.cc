#include "engine/http/client.h"

#include <doctest/doctest.h>

#include "tests/engine/http/http_fixture.h"

namespace perigee::http {
namespace {

using std::chrono::milliseconds;

TEST_CASE_FIXTURE(HttpFixture, "a GET is answered") {
  RawServer server({{RawServer::request(), RawServer::send(ok("hello")), RawServer::hang()}});
  const Response response = get(server.url("/x?y=1"));
  CHECK(response.status == 200);
  CHECK(response.reason == "OK");
  CHECK(response.version == HttpVersion::kHttp11);
  CHECK(response.fields == "Content-Length: 5\r\n");
  CHECK(response.body == "hello");
  CHECK_FALSE(response.outcome.error);
  CHECK(response.outcome.retries == 0);
  CHECK(response.outcome.remote.ip() == "127.0.0.1");
  CHECK(response.outcome.remote.port() == server.port());
  CHECK(server.requests().at(0) ==
        "GET /x?y=1 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
            "\r\nUser-Agent: perigee/test\r\n\r\n");
}

TEST_CASE_FIXTURE(HttpFixture, "an exchange that has ended serves another client's request") {
  Client other(loop, network, deadlines, {.user_agent = "other/test"});
  ConnectionPool connections(traffic);
  RawServer server({answers(1), answers(1)});
  Answer answer;
  answer.after_end = [&] { loop.stop(); };
  start(request(server.url()), answer);
  run();
  CHECK_FALSE(answer.exchange.active());
  answer.start(other, connections, request(server.url()));
  CHECK(answer.exchange.active());
  run();
  CHECK(answer.ends == 2);
  CHECK(server.requests().at(0).find("User-Agent: perigee/test\r\n") != std::string::npos);
  CHECK(server.requests().at(1).find("User-Agent: other/test\r\n") != std::string::npos);
}

TEST_CASE_FIXTURE(HttpFixture, "a POST's body and headers arrive") {
  RawServer server({{RawServer::request(), RawServer::send(ok("")), RawServer::hang()}});
  Request post = request(server.url(), "POST");
  const std::vector<Header> headers = {{"Host", "iris.local"}, {"X-Id", "7"}};
  post.headers = headers;
  post.body = "body";
  CHECK(send(post).status == 200);
  CHECK(server.requests().at(0) ==
        "POST / HTTP/1.1\r\nHost: iris.local\r\nX-Id: 7\r\nUser-Agent: perigee/test\r\n"
        "Content-Length: 4\r\n\r\nbody");
}

TEST_CASE_FIXTURE(HttpFixture, "a body of megabytes arrives whole, and so does such an answer") {
  const std::string body(5'000'000, 'q');
  const std::string answer(5'000'000, 'a');
  RawServer server({{RawServer::request(), RawServer::send(ok(answer)), RawServer::hang()}});
  Request post = request(server.url(), "POST");
  post.body = body;
  const Response response = send(post);
  CHECK(response.body == answer);
  CHECK(server.requests().at(0).ends_with("\r\n\r\n" + body));
}

TEST_CASE_FIXTURE(HttpFixture, "the traffic of a pool is what went over the wire") {
  RawServer server({{RawServer::request(), RawServer::send(ok("hello")), RawServer::request(),
                     RawServer::send(ok("")), RawServer::hang()}});
  get(server.url());
  get(server.url());
  CHECK(traffic.sent == server.requests().at(0).size() + server.requests().at(1).size());
  CHECK(traffic.received == ok("hello").size() + ok("").size());
}

TEST_CASE_FIXTURE(HttpFixture, "a large body counts as traffic when it has left") {
  const std::string body(5'000'000, 'q');
  RawServer server({{RawServer::request(), RawServer::send(ok("")), RawServer::hang()}});
  Request post = request(server.url(), "POST");
  post.body = body;
  send(post);
  CHECK(traffic.sent == server.requests().at(0).size());
}

TEST_CASE_FIXTURE(HttpFixture, "a chunked answer, however it is cut") {
  RawServer server(
      {{RawServer::request(), RawServer::send("HTTP/1.1 200 OK\r\nTransfer-Enc"),
        RawServer::send("oding: chunked\r\n\r\n5\r\nhe"), RawServer::send("llo\r"),
        RawServer::send("\n6\r\n world\r\n0\r\n\r"), RawServer::send("\n"), RawServer::hang()}});
  CHECK(get(server.url()).body == "hello world");
}

TEST_CASE_FIXTURE(HttpFixture, "a body without a length reaches until the server closes") {
  RawServer server({{RawServer::request(), RawServer::send("HTTP/1.1 200 OK\r\n\r\nsome"),
                     RawServer::send("thing")}});
  const Response response = get(server.url());
  CHECK(response.status == 200);
  CHECK(response.body == "something");
  CHECK_FALSE(response.outcome.error);
}

TEST_CASE_FIXTURE(HttpFixture, "an empty body without a length") {
  RawServer server({{RawServer::request(), RawServer::send("HTTP/1.0 200 OK\r\n\r\n")}});
  const Response response = get(server.url());
  CHECK(response.status == 200);
  CHECK(response.version == HttpVersion::kHttp10);
  CHECK(response.body.empty());
}

TEST_CASE_FIXTURE(HttpFixture, "a server that only half closes after its answer has answered") {
  RawServer server({{RawServer::request(), RawServer::send("HTTP/1.1 200 OK\r\n\r\nhello"),
                     RawServer::half_close(), RawServer::hang()}});
  CHECK(get(server.url()).body == "hello");
}

TEST_CASE_FIXTURE(HttpFixture, "interim answers are skipped") {
  RawServer server({{RawServer::request(), RawServer::send("HTTP/1.1 100 Continue\r\n\r\n"),
                     RawServer::send("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + ok("hello")),
                     RawServer::hang()}});
  Answer answer;
  answer.after_end = [&] { loop.stop(); };
  start(request(server.url()), answer);
  run();
  CHECK(answer.heads == 1);
  CHECK(answer.response.status == 200);
  CHECK(answer.response.body == "hello");
}

TEST_CASE_FIXTURE(HttpFixture, "interim answers are bounded per request, not per connection") {
  std::string interim;
  for (int i = 0; i < 10; ++i)
    interim += "HTTP/1.1 102 Processing\r\n\r\n";
  RawServer server({{RawServer::request(), RawServer::send(interim + ok("x")), RawServer::request(),
                     RawServer::send(interim + ok("y")), RawServer::hang()}});
  CHECK(get(server.url()).body == "x");
  CHECK(get(server.url()).body == "y");
}

TEST_CASE_FIXTURE(HttpFixture,
                  "204, 304 and the answer to HEAD have no body, and keep the connection") {
  RawServer server(
      {{RawServer::request(), RawServer::send("HTTP/1.1 204 No Content\r\n\r\n"),
        RawServer::request(),
        RawServer::send("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"),
        RawServer::request(), RawServer::send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
        RawServer::request(), RawServer::send(ok("after")), RawServer::hang()}});
  CHECK(get(server.url()).status == 204);
  CHECK(get(server.url()).status == 304);
  CHECK(send(request(server.url(), "HEAD")).fields == "Content-Length: 9\r\n");
  CHECK(get(server.url()).body == "after");
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(HttpFixture, "a status of 500 is an answer, not an error") {
  RawServer server(
      {{RawServer::request(), RawServer::send("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"),
        RawServer::hang()}});
  const Response response = get(server.url());
  CHECK(response.status == 500);
  CHECK(response.reason == "Oops");
  CHECK_FALSE(response.outcome.error);
}

TEST_CASE_FIXTURE(HttpFixture, "a host may be a name or an IPv6 address") {
  RawServer::Script script = {RawServer::request(), RawServer::send(ok("hello")),
                              RawServer::hang()};
  SUBCASE("a name") {
    RawServer server({script});
    const Response response = get("http://localhost:" + std::to_string(server.port()) + "/");
    CHECK(response.body == "hello");
    CHECK(server.requests().at(0).find("Host: localhost:") != std::string::npos);
  }
  SUBCASE("IPv6") {
    RawServer server({script}, "::1");
    const Response response = get(server.url());
    CHECK(response.body == "hello");
    CHECK(response.outcome.remote.ip() == "::1");
    CHECK(server.requests().at(0).find("Host: [::1]:") != std::string::npos);
  }
}

TEST_CASE_FIXTURE(HttpFixture, "when the first address of a name refuses, the next one is tried") {
  RawServer server({{RawServer::request(), RawServer::send(ok("hello")), RawServer::hang()}},
                   "::1");
  network.resolver().remember(
      "two.test",
      {.addresses = {*Address::parse("127.0.0.1", 0), *Address::parse("::1", 0)}, .error = {}});
  const std::string port = std::to_string(server.port());
  const Response response = get("http://two.test:" + port + "/");
  CHECK(response.body == "hello");
  CHECK(response.outcome.remote.ip() == "::1");
  CHECK(server.requests().at(0).find("Host: two.test:" + port) != std::string::npos);
}

TEST_CASE_FIXTURE(HttpFixture,
                  "when every address of a name refuses, the request has failed once") {
  uint16_t port = 0;
  {
    const RawServer gone({{RawServer::hang_up()}});
    port = gone.port();
  }
  network.resolver().remember(
      "two.test", {.addresses = {*Address::parse("127.0.0.1", 0), *Address::parse("127.0.0.2", 0)},
                   .error = {}});
  const Response response = get("http://two.test:" + std::to_string(port) + "/");
  CHECK(response.outcome.error.text == "dial: connection refused");
}

TEST_CASE_FIXTURE(HttpFixture, "nothing is told within `start`") {
  RawServer server({{RawServer::request(), RawServer::send(ok("hello")), RawServer::hang()}});
  Answer answer;
  answer.after_end = [&] { loop.stop(); };
  SUBCASE("an answer") {
    start(request(server.url()), answer);
  }
  SUBCASE("a refusal by the client") {
    start(request("https://127.0.0.1/"), answer);
  }
  SUBCASE("a refused connection") {
    start(request("http://127.0.0.1:1/"), answer);
  }
  CHECK(answer.ends == 0);
  run();
  CHECK(answer.ends == 1);
}

TEST_CASE_FIXTURE(HttpFixture, "many exchanges at once each get their own answer") {
  RawServer::Script script = {RawServer::request(), RawServer::send(ok("hello")),
                              RawServer::hang()};
  RawServer server({script});
  std::vector<Answer> answers(50);
  int left = 50;
  for (Answer& answer : answers) {
    answer.after_end = [&] {
      if (--left == 0) loop.stop();
    };
    start(request(server.url()), answer);
  }
  run();
  for (const Answer& answer : answers)
    CHECK(answer.response.body == "hello");
  CHECK(server.connections() == 50);
}

TEST_CASE_FIXTURE(HttpFixture, "a thousand exchanges, each started at the end of the one before") {
  RawServer::Script script;
  for (int i = 0; i < 1000; ++i) {
    script.push_back(RawServer::request());
    script.push_back(RawServer::send(ok("x")));
  }
  script.push_back(RawServer::hang());
  RawServer server({script});
  const Request next = request(server.url());
  Answer answer;
  answer.after_end = [&] {
    REQUIRE(answer.response.status == 200);
    if (answer.ends == 1000) {
      loop.stop();
    } else {
      start(next, answer);
    }
  };
  start(next, answer);
  run();
  CHECK(answer.ends == 1000);
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(HttpFixture, "a cancelled exchange is never heard of again") {
  RawServer server(
      {{RawServer::request(), RawServer::gate(), RawServer::send(ok("late")), RawServer::hang()}});
  Answer answer;
  start(request(server.url()), answer);
  SUBCASE("while it connects") {
    CHECK_FALSE(cancel(answer));
  }
  SUBCASE("while it waits for the answer") {
    turn();
    REQUIRE(server.wait_for_requests(1));
    CHECK(cancel(answer));
  }
  server.open_gate();
  turn();
  CHECK(answer.heads == 0);
  CHECK(answer.ends == 0);
}

TEST_CASE_FIXTURE(HttpFixture, "an exchange cancelled while its request leaves has begun") {
  const std::string body = large_body();
  RawServer server({{RawServer::gate(), RawServer::hang()}});
  Request post = request(server.url(), "POST");
  post.body = body;
  Answer answer;
  start(post, answer);
  REQUIRE(server.wait_for_connections(1));
  turn();
  turn();
  CHECK(cancel(answer));
  CHECK(answer.ends == 0);
}

TEST_CASE_FIXTURE(HttpFixture, "a sink may cancel its exchange from within") {
  RawServer server(
      {{RawServer::request(), RawServer::send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc"),
        RawServer::send("def"), RawServer::hang()},
       {RawServer::request(), RawServer::send(ok("next")), RawServer::hang()}});
  Answer answer, next;
  next.after_end = [&] { loop.stop(); };
  start(request(server.url()), answer);
  const auto replace = [&] {
    CHECK(cancel(answer));
    start(request(server.url()), next);
  };
  SUBCASE("at the head") {
    answer.after_head = replace;
  }
  SUBCASE("in the body") {
    answer.after_body = replace;
  }
  run();
  turn();
  CHECK(answer.heads == 1);
  CHECK(answer.ends == 0);
  CHECK(next.response.body == "next");
  CHECK(server.connections() == 2);
}

TEST_CASE_FIXTURE(HttpFixture,
                  "a sink may cancel another exchange that has ended at the same time") {
  Answer first, second;
  first.after_end = [&] {
    CHECK_FALSE(cancel(second));
    loop.stop();
  };
  start(request("https://127.0.0.1/"), first);
  start(request("https://127.0.0.1/"), second);
  run();
  turn();
  CHECK(first.ends == 1);
  CHECK(second.ends == 0);
}

TEST_CASE_FIXTURE(HttpFixture, "a pool may be destroyed at the end of its last exchange") {
  RawServer server({{RawServer::request(), RawServer::send(ok("hello")), RawServer::hang()}});
  auto own = std::make_unique<ConnectionPool>(traffic);
  Answer answer;
  answer.after_end = [&] {
    own.reset();
    loop.stop();
  };
  start(*own, request(server.url()), answer);
  run();
  CHECK(own == nullptr);
  CHECK(server.wait_for_closes(1));
}

}  // namespace
}  // namespace perigee::http
