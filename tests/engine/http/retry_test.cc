#include "engine/http/retry.h"

#include <functional>
#include <memory>
#include <string_view>

#include <doctest/doctest.h>

#include "engine/net/tcp_stream.h"
#include "tests/engine/http/http_fixture.h"
#include "tests/engine/net/recorder.h"

namespace perigee::http {
namespace {

// Lets the server close a kept connection while the client looks away, and sends a request into it.
struct StaleConnection : HttpFixture {
  Response second;

  // The connection has served one request, or two: the server is known to keep it then.
  void meet(RawServer& server, std::string_view method, std::string_view body = "",
            bool known = false) {
    Answer first, next;
    if (known) CHECK(get(server.url()).status == 200);
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
const RawServer::Script kClosesSecond = {RawServer::request(), RawServer::send(ok("first")),
                                         RawServer::request(), RawServer::send(ok("first")),
                                         RawServer::gate()};
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
                  "a POST does not go over a connection that ended while nobody looked") {
  RawServer::Script ends = kClosesSecond;
  SUBCASE("in order") {}
  SUBCASE("by a reset") {
    ends.push_back(RawServer::reset());
  }
  RawServer server({ends, kAnswers});
  meet(server, "POST", "body", /*known=*/true);
  CHECK(second.body == "second");
  CHECK_FALSE(second.outcome.error);
  CHECK(server.requests().back().ends_with("\r\n\r\nbody"));
}

TEST_CASE_FIXTURE(
    StaleConnection,
    "a POST waits until it shows whether a server that nobody knows keeps connections") {
  RawServer server({kClosesIdle, kAnswers});
  meet(server, "POST", "body");
  CHECK(second.body == "second");
  CHECK(second.outcome.retries == 0);
  CHECK(second.outcome.timings.blocked > Duration::zero());
  CHECK(server.connections() == 2);
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
  SUBCASE("a POST of which the script says that it may be repeated") {
    Request post = request(server.url(), "POST");
    post.body = "body";
    post.repeatable = true;
    const Response response = send(post);
    CHECK(response.body == "second");
    CHECK(response.outcome.retries == 1);
    CHECK(server.requests().at(1) == server.requests().at(2));
  }
}

TEST_CASE_FIXTURE(HttpFixture, "a POST that was lost half-way is not sent again") {
  RawServer server({kClosesSecond, kAnswers});
  CHECK(get(server.url()).body == "first");
  CHECK(get(server.url()).body == "first");
  const std::string body = large_body();
  Request post = request(server.url(), "POST");
  post.body = body;
  Answer answer;
  answer.after_end = [&] { loop.stop(); };
  start(post, answer);
  server.open_gate();
  run();
  CHECK(answer.response.status == 0);
  CHECK(answer.response.outcome.retries == 0);
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

TEST_CASE("a lost request is sent again where a kept connection lost it and that is safe") {
  struct Case {
    LostRequest lost;
    bool again;
  };
  for (const Case& c : {
           Case{{.kept = true, .repeatable = true}, true},
           Case{{.kept = true, .untaken = true}, true},
           Case{{.kept = true}, false},
           Case{{.kept = true, .responded = true, .repeatable = true, .untaken = true}, false},
           Case{{.repeatable = true, .untaken = true}, false},
       }) {
    CAPTURE(c.lost.kept);
    CAPTURE(c.lost.responded);
    CAPTURE(c.lost.repeatable);
    CAPTURE(c.lost.untaken);
    CHECK(may_send_again(c.lost) == c.again);
  }
}

// A connection that has carried something before, and a request that is written to it.
struct WrittenRequest : LoopFixture {
  struct Ending : Recorder {
    int error = -1;
    void on_closed(int reason) override {
      error = reason;
      Recorder::on_closed(reason);
    }
  };

  Ending events;
  std::unique_ptr<TcpStream> stream;
  uint64_t mark = 0;

  // `write` writes the request, at any time after the first exchange.
  void play(RawServer& server, const std::function<void()>& write) {
    stream = TcpStream::connect(loop, *Address::parse("127.0.0.1", server.port()), events);
    events.after_connected = [&] { CHECK(stream->write(kRequest, {})); };
    events.after_read = [&] {
      mark = stream->bytes_sent();
      write();
    };
    events.after_closed = [&] { loop.stop(); };
    run();
  }
  bool untaken() const { return is_untaken(*stream, mark, events.error); }

  static constexpr std::string_view kRequest = "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n";
};

TEST_CASE_FIXTURE(WrittenRequest, "what is written after the server has closed is untaken") {
  RawServer server({kClosesIdle});
  play(server, [&] {
    server.open_gate();
    REQUIRE(server.wait_for_closes(1));
    CHECK(stream->peer_closed());
    stream->write(kRequest, {});
  });
  CHECK(untaken());
}

TEST_CASE_FIXTURE(WrittenRequest, "what the server has read before it closed is not untaken") {
  RawServer server({kClosesOnRequest});
  play(server, [&] {
    CHECK_FALSE(stream->peer_closed());
    stream->write(kRequest, {});
  });
  CHECK_FALSE(untaken());
}

TEST_CASE_FIXTURE(WrittenRequest,
                  "what the server has not read when it resets may have been taken") {
  RawServer server({{RawServer::request(), RawServer::send(ok("first")), RawServer::request(),
                     RawServer::reset()}});
  play(server, [&] { stream->write(kRequest, {}); });
  CHECK_FALSE(untaken());
}

TEST_CASE_FIXTURE(WrittenRequest, "where nothing could be written, nothing has been taken") {
  RawServer server({{RawServer::request(), RawServer::send(ok("first")), RawServer::gate(),
                     RawServer::reset()}});
  play(server, [&] {
    server.open_gate();
    REQUIRE(server.wait_for_closes(1));
    stream->write(kRequest, {});
  });
  CHECK(untaken());
}

}  // namespace
}  // namespace perigee::http
