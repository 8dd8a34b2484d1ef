// Limits on a pool's connections: how many, how long idle, how long open.
#include <doctest/doctest.h>

#include "tests/engine/http/http_fixture.h"

namespace perigee::http {
namespace {

// The same, the first one not before the gate is open.
RawServer::Script gated_answers(int count) {
  RawServer::Script script = answers(count);
  script.insert(script.begin() + 1, RawServer::gate());
  return script;
}

// A client with limits, and requests that are under way together.
struct LimitedFixture : HttpFixture {
  explicit LimitedFixture(ClientSettings settings)
      : limited(loop, network, deadlines, std::move(settings)) {}

  void start(const Request& request, Answer& answer) { answer.start(limited, pool, request); }

  // Starts the requests in their order and runs the loop until all have ended.
  std::vector<Response> send_all(const std::vector<Request>& requests, RawServer* gate = nullptr) {
    std::vector<Answer> waiting(requests.size());
    size_t ended = 0;
    for (size_t i = 0; i < requests.size(); ++i) {
      waiting[i].after_end = [&] {
        if (++ended == requests.size()) loop.stop();
      };
      start(requests[i], waiting[i]);
    }
    std::thread opener([gate] {
      if (gate == nullptr) return;
      gate->wait_for_requests(1);
      gate->open_gate();
    });
    run();
    opener.join();
    std::vector<Response> responses;
    for (const Answer& answer : waiting)
      responses.push_back(answer.response);
    return responses;
  }

  Client limited;
  ConnectionPool pool{traffic};
};

struct OneConnection : LimitedFixture {
  OneConnection() : LimitedFixture({.connections = {.total = 1}}) {}
};

struct OnePerHost : LimitedFixture {
  OnePerHost() : LimitedFixture({.connections = {.per_host = 1}}) {}
};

TEST_CASE_FIXTURE(OneConnection, "requests beyond the limit wait in line, which is blocked time") {
  RawServer server({gated_answers(3)});
  const std::vector<Response> responses = send_all(
      {request(server.url("/a")), request(server.url("/b")), request(server.url("/c"))}, &server);
  CHECK(server.connections() == 1);
  REQUIRE(server.requests().size() == 3);
  CHECK(server.requests()[0].starts_with("GET /a "));
  CHECK(server.requests()[1].starts_with("GET /b "));
  CHECK(server.requests()[2].starts_with("GET /c "));
  for (const Response& response : responses)
    CHECK(response.body == "x");
  const Timings& first = responses[0].outcome.timings;
  CHECK(responses[1].outcome.timings.blocked >= first.sending + first.waiting);
  CHECK(responses[2].outcome.timings.blocked > responses[1].outcome.timings.blocked);
  CHECK(responses[1].outcome.timings.connecting == Duration::zero());
}

TEST_CASE_FIXTURE(OnePerHost, "a host without room lets requests to others pass") {
  RawServer busy({gated_answers(2)}), other({answers(1)});
  std::vector<std::string> ended;
  std::vector<Answer> waiting(3);
  const std::vector<std::string> urls{busy.url("/1"), busy.url("/2"), other.url("/3")};
  for (size_t i = 0; i < urls.size(); ++i) {
    waiting[i].after_end = [&, i] {
      ended.push_back(urls[i]);
      if (ended.size() == 1) busy.open_gate();
      if (ended.size() == urls.size()) loop.stop();
    };
    start(request(urls[i]), waiting[i]);
  }
  run();
  CHECK(ended == std::vector<std::string>{urls[2], urls[0], urls[1]});
  CHECK(busy.connections() == 1);
}

TEST_CASE_FIXTURE(OneConnection, "an idle connection to another host makes room") {
  RawServer one({answers(1)}), two({answers(1)});
  send_all({request(one.url())});
  CHECK(send_all({request(two.url())})[0].body == "x");
  CHECK(one.wait_for_closes(1));
}

TEST_CASE_FIXTURE(OneConnection, "a request may time out in line, and the others go on") {
  RawServer server({gated_answers(2)});
  Request impatient = request(server.url("/impatient"));
  impatient.timeout = std::chrono::milliseconds(1);
  Answer first, second, third;
  second.after_end = [&] { server.open_gate(); };
  third.after_end = [&] { loop.stop(); };
  start(request(server.url("/first")), first);
  start(impatient, second);
  start(request(server.url("/third")), third);
  run();
  CHECK(second.response.outcome.error.code == ErrorCode::kRequestTimeout);
  CHECK(first.response.body == "x");
  CHECK(third.response.body == "x");
  CHECK(server.requests().size() == 2);
}

TEST_CASE_FIXTURE(OneConnection, "a connection that fails or is given up makes room for the next") {
  SUBCASE("it can't be made") {
    const std::string url = "http://127.0.0.1:1/";
    const std::vector<Response> responses = send_all({request(url), request(url)});
    CHECK(responses[0].outcome.error.code == ErrorCode::kDialRefused);
    CHECK(responses[1].outcome.error.code == ErrorCode::kDialRefused);
  }
  SUBCASE("its request is cancelled") {
    RawServer server({{RawServer::hang()}, answers(1)});
    Answer first, second;
    second.after_end = [&] { loop.stop(); };
    start(request(server.url()), first);
    start(request(server.url()), second);
    first.exchange.cancel();
    run();
    CHECK(second.response.body == "x");
  }
  SUBCASE("the server closes it") {
    const RawServer::Script closing{RawServer::request(), RawServer::hang_up()};
    RawServer server({closing, answers(1)});
    const std::vector<Response> responses =
        send_all({request(server.url()), request(server.url())});
    CHECK(responses[0].outcome.error);
    CHECK(responses[1].body == "x");
  }
}

TEST_CASE_FIXTURE(OneConnection, "one who waits in line may be cancelled") {
  RawServer server({gated_answers(2)});
  Answer first, second, third;
  third.after_end = [&] { loop.stop(); };
  start(request(server.url("/1")), first);
  start(request(server.url("/2")), second);
  start(request(server.url("/3")), third);
  CHECK_FALSE(second.exchange.cancel());
  server.open_gate();
  run();
  CHECK(server.requests().size() == 2);
  CHECK(server.requests()[1].starts_with("GET /3 "));
}

TEST_CASE("a connection is closed when it has been idle for too long") {
  LimitedFixture fixture({.idle_timeout = std::chrono::milliseconds(1)});
  RawServer server({answers(1), answers(1)});
  fixture.send_all({HttpFixture::request(server.url())});
  fixture.run_until_closed(server);
  CHECK(fixture.send_all({HttpFixture::request(server.url())})[0].body == "x");
  CHECK(server.connections() == 2);
}

TEST_CASE("a connection takes no request when it has been open for too long") {
  LimitedFixture fixture({.connection_lifetime = std::chrono::milliseconds(1)});
  SUBCASE("idle then, it is closed") {
    RawServer server({answers(1), answers(1)});
    fixture.send_all({HttpFixture::request(server.url())});
    fixture.run_until_closed(server);
    CHECK(fixture.send_all({HttpFixture::request(server.url())})[0].body == "x");
    CHECK(server.connections() == 2);
  }
  SUBCASE("in use then, it ends its request first") {
    RawServer::Script slow{RawServer::request(),
                           RawServer::send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"),
                           RawServer::gate(), RawServer::send("x"), RawServer::hang()};
    RawServer server({slow, answers(1)});
    Answer first;
    first.after_end = [&] { fixture.loop.stop(); };
    Timer later(fixture.loop.timers(), [&] { server.open_gate(); });
    first.after_head = [&] { later.start(fixture.loop.now() + std::chrono::milliseconds(2)); };
    fixture.start(HttpFixture::request(server.url()), first);
    fixture.run();
    CHECK(first.response.body == "x");
    CHECK(fixture.send_all({HttpFixture::request(server.url())})[0].body == "x");
    CHECK(server.connections() == 2);
  }
}

}  // namespace
}  // namespace perigee::http
