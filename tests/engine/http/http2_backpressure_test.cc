// Readers that are slower than their server, over HTTP/2.
#include <doctest/doctest.h>

#include "tests/engine/http/http2_fixture.h"

namespace perigee::http {
namespace {

constexpr size_t kWindow = 4 << 20;  // a stream's, as the client sets it

// The client's windows count from here on.
const std::string kAck = http2::frame(http2::kSettings, http2::kAck, 0);
const std::string kHead = kAck + http2::headers(1, {{":status", "200"}});
const std::string kPing = http2::frame(http2::kPing, 0, 0, "12345678");

// Two requests, of which the first stops reading with its first bytes.
struct SlowReader : Http2Fixture {
  Answer slow, quick;

  void run_both(const RawServer& server) {
    slow.after_body = [this] {
      if (slow.bodies == 1) slow.exchange.pause();
    };
    quick.after_end = [this] { loop.stop(); };
    start(request(server.url()), slow);
    start(request(server.url()), quick);
    run();
  }
  void read_on() {
    slow.after_end = [this] { loop.stop(); };
    slow.exchange.resume();
    run();
  }
};

TEST_CASE_FIXTURE(SlowReader, "a paused answer gets no window until it goes on") {
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await_request(2),
        RawServer::send(kHead + http2::flood(1, kWindow) + kPing), http2::await(http2::kPing),
        RawServer::send(http2::answer(3, "quick")), http2::await(http2::kWindowUpdate),
        RawServer::send(http2::flood(1, kWindow) + http2::data(1, "end")), RawServer::hang()}});
  run_both(server);
  CHECK(quick.response.body == "quick");
  CHECK(slow.response.outcome.error.text == "");
  REQUIRE(slow.ends == 0);
  CHECK(http2::frames_of(server.requests().at(1), http2::kWindowUpdate).empty());
  read_on();
  CHECK(slow.response.outcome.error.text == "");
  CHECK(slow.response.body.size() == 2 * kWindow + 3);
  const auto updates = http2::frames_of(server.requests().at(2), http2::kWindowUpdate);
  REQUIRE(updates.size() == 1);
  CHECK(updates[0].stream == 1);
  CHECK(updates[0].payload == std::string("\0\x40\0\0", 4));  // all that was taken
}

TEST_CASE_FIXTURE(SlowReader, "an answer that is paused before half of its window goes on") {
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await_request(2),
        RawServer::send(kHead + http2::data(1, "begin", 0) + http2::answer(3, "quick")),
        RawServer::gate(), RawServer::send(http2::flood(1, kWindow / 2)),
        http2::await(http2::kWindowUpdate), RawServer::send(http2::data(1, "end")),
        RawServer::hang()}});
  run_both(server);
  server.open_gate();
  read_on();
  CHECK(slow.response.body.size() == kWindow / 2 + 8);
}

TEST_CASE_FIXTURE(SlowReader, "paused answers leave the connection's window to the others") {
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await_request(2),
        RawServer::send(kHead + http2::flood(1, kWindow)),
        RawServer::send(http2::headers(3, {{":status", "200"}}) + http2::flood(3, kWindow)),
        http2::await(http2::kWindowUpdate),
        RawServer::send(http2::flood(3, kWindow / 2) + http2::data(3, "end")), RawServer::hang()}});
  run_both(server);
  CHECK(quick.response.body.size() == kWindow + kWindow / 2 + 3);
  CHECK(slow.response.body.empty());
  const auto updates = http2::frames_of(server.requests().at(1), http2::kWindowUpdate);
  REQUIRE(updates.size() == 1);
  CHECK(updates[0].stream == 3);
}

TEST_CASE_FIXTURE(SlowReader, "a paused answer can be cancelled, and its connection lives on") {
  RawServer server({{RawServer::send(http2::settings()), http2::await_request(2),
                     RawServer::send(kHead + http2::flood(1, kWindow) + http2::answer(3, "quick")),
                     http2::await(http2::kRstStream), http2::await_request(),
                     RawServer::send(http2::answer(5, "next")), RawServer::hang()}});
  run_both(server);
  cancel(slow);
  CHECK(get(server.url()).body == "next");
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(SlowReader,
                  "a server that ignores the window of a paused answer fails it alone") {
  RawServer server({{RawServer::send(http2::settings()), http2::await_request(2),
                     RawServer::send(kHead + http2::flood(1, kWindow) + http2::answer(3, "quick")),
                     RawServer::gate(), RawServer::send(http2::data(1, "too much", 0)),
                     http2::await(http2::kRstStream), http2::await_request(),
                     RawServer::send(http2::answer(5, "next")), RawServer::hang()}});
  run_both(server);
  server.open_gate();
  slow.after_end = [this] { loop.stop(); };
  run();
  CHECK(slow.response.outcome.error.code == ErrorCode{1634});
  CHECK(get(server.url()).body == "next");
}

}  // namespace
}  // namespace perigee::http
