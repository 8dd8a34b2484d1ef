// Bodies that are made while they are sent, over HTTP/2.
#include <algorithm>

#include <doctest/doctest.h>

#include "engine/base/limits.h"
#include "tests/engine/http/body_pieces.h"
#include "tests/engine/http/http2_fixture.h"

namespace perigee::http {
namespace {

constexpr uint32_t kWide = 0x7fff'ffff - 65'535;

// SETTINGS and a connection's window that hold nothing back.
std::string wide_windows() {
  return http2::settings({{http2::kInitialWindowSize, 0x7fff'ffff}}) +
         http2::window_update(0, kWide);
}

RawServer::Script answers_one(uint32_t stream = 1) {
  return {RawServer::send(http2::settings()), http2::await_request(),
          RawServer::send(http2::answer(stream, "x")), RawServer::hang()};
}

std::string payload_of(const std::vector<http2::Frame>& frames, uint32_t stream) {
  std::string payload;
  for (const http2::Frame& frame : frames) {
    if (frame.stream == stream) payload += frame.payload;
  }
  return payload;
}

std::string sent_to(const RawServer& server, uint32_t stream = 1) {
  std::string sent;
  for (const std::string& part : server.requests())
    sent += payload_of(http2::frames_of(part, http2::kData), stream);
  return sent;
}

TEST_CASE_FIXTURE(Http2Fixture, "a body of unknown length ends with a frame of its own") {
  RawServer server({answers_one()});
  std::vector<std::string> pieces;
  std::string whole;
  SUBCASE("of pieces") {
    pieces = {"hello ", "world"};
    whole = "hello world";
  }
  SUBCASE("of none") {}
  Pieces source(pieces);
  CHECK(send(post(server.url(), source)).body == "x");
  CHECK(sent_to(server) == whole);
  const auto frames = http2::frames_of(server.requests()[0], http2::kData);
  CHECK(frames.size() == pieces.size() + 1);
  CHECK(frames.back().payload == "");
  CHECK(frames.back().flags == http2::kEndStream);
}

TEST_CASE_FIXTURE(Http2Fixture, "a body whose length is told ends with its last piece") {
  RawServer server({answers_one()});
  Pieces source({"one", "two"}, 6);
  CHECK(send(post(server.url(), source)).body == "x");
  const auto frames = http2::frames_of(server.requests()[0], http2::kData);
  REQUIRE(frames.size() == 2);
  CHECK(frames[1].payload == "two");
  CHECK(frames[1].flags == http2::kEndStream);
}

TEST_CASE_FIXTURE(Http2Fixture, "a body that is told to be empty goes without data") {
  RawServer server({answers_one()});
  Pieces source({}, 0);
  CHECK(send(post(server.url(), source)).body == "x");
  CHECK(http2::frames_of(server.requests()[0], http2::kData).empty());
}

TEST_CASE_FIXTURE(Http2Fixture, "pieces are asked for as the server's window opens") {
  // Six and a half of them fill the window.
  RawServer server({{RawServer::send(http2::settings()), http2::await(http2::kData, 7),
                     RawServer::gate(), RawServer::send(http2::window_update(0, 1'000'000)),
                     RawServer::send(http2::window_update(1, 1'000'000)), http2::await_request(),
                     RawServer::send(http2::answer(1, "thanks")), RawServer::hang()}});
  std::string whole;
  std::vector<std::string> pieces;
  for (char c = 'a'; c <= 'z'; ++c)
    whole += pieces.emplace_back(10'000, c);
  Pieces source(pieces, whole.size());
  std::thread watch([&] {
    CHECK(server.wait_for_requests(1));
    loop.post([&] {
      CHECK(source.given == 7);
      server.open_gate();
    });
  });
  CHECK(send(post(server.url(), source)).body == "thanks");
  watch.join();
  CHECK(source.given == pieces.size());
  CHECK((sent_to(server) == whole));
}

TEST_CASE_FIXTURE(Http2Fixture, "a large upload arrives whole, beside small requests") {
  RawServer server({{RawServer::send(wide_windows()), http2::await_request(2),
                     RawServer::send(http2::answer(3, "small") + http2::answer(1, "large")),
                     RawServer::hang()}});
  std::vector<std::string> pieces;
  std::string whole;
  for (char c = 'a'; c <= 'z'; ++c)
    whole += pieces.emplace_back(300'000, c);
  Pieces source(pieces);
  Answer large, small;
  large.after_end = [this] { loop.stop(); };
  start(post(server.url(), source), large);
  start(request(server.url()), small);
  run();
  CHECK(large.response.body == "large");
  CHECK(small.response.body == "small");
  CHECK((sent_to(server) == whole));
}

TEST_CASE_FIXTURE(Http2Fixture, "a large body gives others their turn") {
  // It would take 40 turns' worth, and the server reads while it comes.
  RawServer server({{RawServer::send(wide_windows()), http2::await_request(),
                     RawServer::send(http2::answer(1, "x")), http2::await_request(),
                     RawServer::send(http2::answer(3, "y")), RawServer::hang()}});
  CHECK(get(server.url()).body == "x");  // the windows are known from here on
  std::vector<std::string> pieces(40, std::string(limits::kBodyTurn, 'b'));
  Pieces source(pieces);
  Answer answer;
  answer.after_end = [this] { loop.stop(); };
  start(post(server.url(), source), answer);
  size_t most_in_a_turn = 0;
  for (size_t before = 0; answer.ends == 0; before = source.given) {
    turn();
    most_in_a_turn = std::max(most_in_a_turn, source.given - before);
  }
  CHECK(answer.response.body == "y");
  CHECK(most_in_a_turn <= 3);
}

TEST_CASE_FIXTURE(Http2Fixture, "a body that fails ends its request, and no other") {
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await(http2::kRstStream), http2::await_request(),
        RawServer::send(http2::answer(3, "next")), RawServer::hang()}});
  std::string message;
  SUBCASE("shorter than told") {
    Pieces source({"one"}, 6);
    message = send(post(server.url(), source)).outcome.error.text;
    CHECK(message == "the body ended after 3 of 6 bytes");
  }
  SUBCASE("longer than told") {
    Pieces source({"one", "more"}, 6);
    message = send(post(server.url(), source)).outcome.error.text;
    CHECK(message == "the body has more than 6 bytes");
  }
  SUBCASE("longer than told by a piece") {
    Pieces source({"one", "two", "x"}, 6);
    message = send(post(server.url(), source)).outcome.error.text;
    CHECK(message == "the body has more than 6 bytes");
  }
  SUBCASE("it can't be made") {
    Pieces source({"one"});
    source.error = {ErrorCode::kGeneric, "the disk is on fire"};
    message = send(post(server.url(), source)).outcome.error.text;
    CHECK(message == "the disk is on fire");
  }
  CHECK(get(server.url()).body == "next");
  CHECK(server.connections() == 1);
  const auto resets = http2::frames_of(server.requests()[0], http2::kRstStream);
  REQUIRE(resets.size() == 1);
  CHECK(resets[0].payload == std::string("\0\0\0\x08", 4));  // CANCEL
}

TEST_CASE_FIXTURE(Http2Fixture,
                  "an answer before the end of a body is taken, and ends its making") {
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await(http2::kData),
        RawServer::send(
            http2::headers(1, {{":status", "413"}}, http2::kEndHeaders | http2::kEndStream)),
        http2::await(http2::kRstStream), RawServer::send(http2::window_update(0, 1'000'000)),
        http2::await_request(), RawServer::send(http2::answer(3, "next")), RawServer::hang()}});
  Pieces source({std::string(100'000, 'a'), "more"});
  CHECK(send(post(server.url(), source)).status == 413);
  CHECK(get(server.url()).body == "next");
  CHECK(source.given == 1);
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(Http2Fixture, "a body whose request is cancelled is asked for no more pieces") {
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await(http2::kData),
        http2::await(http2::kRstStream), RawServer::send(http2::window_update(0, 1'000'000)),
        http2::await_request(), RawServer::send(http2::answer(3, "next")), RawServer::hang()}});
  Pieces source({std::string(100'000, 'a'), "more"});
  Answer doomed;
  start(post(server.url(), source), doomed);
  std::thread watch([&] {
    CHECK(server.wait_for_requests(1));
    loop.post([&] {
      CHECK(cancel(doomed));
      loop.stop();
    });
  });
  run();
  watch.join();
  CHECK(get(server.url()).body == "next");
  CHECK(source.given == 1);
}

TEST_CASE_FIXTURE(Http2Fixture,
                  "a refused stream's body is sent again from its start if it can be") {
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await_request(),
        RawServer::send(http2::rst_stream(1, http2::kRefusedStream)), http2::await_request(),
        RawServer::send(http2::answer(3, "x")), RawServer::hang()}});
  Pieces source({"a", "b"});
  SUBCASE("which it can") {
    const Response response = send(post(server.url(), source));
    CHECK(response.body == "x");
    CHECK(response.outcome.retries == 1);
    CHECK(sent_to(server, 3) == "ab");
  }
  SUBCASE("which it can't") {
    source.rewinds = false;
    CHECK(send(post(server.url(), source)).outcome.error.code == ErrorCode{1638});
    CHECK(get(server.url()).body == "x");
  }
}

}  // namespace
}  // namespace perigee::http
