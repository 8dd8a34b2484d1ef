#include "engine/http/http2_session.h"

#include <doctest/doctest.h>

#include "engine/base/limits.h"
#include "tests/engine/http/http2_fixture.h"

namespace perigee::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Answers so many requests, one after the other, then waits.
RawServer::Script answers(uint32_t count) {
  RawServer::Script script{RawServer::send(http2::settings())};
  for (uint32_t i = 0; i < count; ++i) {
    script.push_back(http2::await_request());
    script.push_back(RawServer::send(http2::answer(2 * i + 1, "x")));
  }
  script.push_back(RawServer::hang());
  return script;
}

TEST_CASE_FIXTURE(Http2Fixture, "an answer over HTTP/2 has all that one over HTTP/1.1 has") {
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await_request(),
        RawServer::send(
            http2::headers(1, {{":status", "404"}, {"content-type", "text/plain"}, {"x-a", "b"}}) +
            http2::data(1, "not ", 0) + http2::data(1, "here")),
        RawServer::hang()}});
  const Response response = get(server.url("/x"));
  CHECK(response.outcome.error.text == "");
  CHECK(response.status == 404);
  CHECK(response.reason == "Not Found");
  CHECK(response.version == HttpVersion::kHttp2);
  CHECK(response.fields == "content-type: text/plain\r\nx-a: b\r\n");
  CHECK(response.body == "not here");
  CHECK(response.outcome.timings.connecting > Duration::zero());
  CHECK(response.outcome.timings.waiting > Duration::zero());
  CHECK(response.outcome.remote.port() == server.port());
}

TEST_CASE_FIXTURE(Http2Fixture, "one connection carries one request after the other") {
  RawServer server({answers(3)});
  for (int i = 0; i < 3; ++i)
    CHECK(get(server.url()).body == "x");
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(Http2Fixture, "the requests of a batch share one connection from the start") {
  std::string all;
  for (uint32_t i = 0; i < 50; ++i)
    all = http2::answer(2 * i + 1, std::to_string(i)) + all;  // the last one first
  RawServer server({{RawServer::send(http2::settings()), http2::await_request(50),
                     RawServer::send(all), RawServer::hang()}});
  const std::vector<Response> responses = send_all(request(server.url()), 50);
  for (size_t i = 0; i < responses.size(); ++i)
    CHECK(responses[i].body == std::to_string(i));
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(Http2Fixture, "what one turn queues leaves in one piece") {
  RawServer server({{RawServer::send(http2::settings()), http2::await_request(20),
                     RawServer::gate(), RawServer::hang()}});
  std::vector<Answer> pending(20);
  for (Answer& answer : pending)
    start(request(server.url()), answer);
  std::thread watch([&] {
    CHECK(server.wait_for_requests(1));
    loop.post([this] { loop.stop(); });
  });
  run();
  watch.join();
  // The preface, SETTINGS, WINDOW_UPDATE and 20 heads.
  const std::string bytes = server.requests().at(0);
  CHECK(http2::frames_of(bytes).size() == 22);
  CHECK(http2::frames_of(bytes, http2::kHeaders).size() == 20);
  // A repeated head is a few numbers only.
  CHECK(http2::frames_of(bytes, http2::kHeaders).back().payload.size() < 10);
  server.open_gate();
}

TEST_CASE_FIXTURE(Http2Fixture, "a body goes up in frames, as far as the windows allow") {
  const std::string body(200'000, 'b');
  RawServer server({{RawServer::send(http2::settings()), http2::await(http2::kData, 4),
                     RawServer::send(http2::window_update(0, 1'000'000)),
                     RawServer::send(http2::window_update(1, 1'000'000)), http2::await_request(),
                     RawServer::send(http2::answer(1, "thanks")), RawServer::hang()}});
  Request post = request(server.url(), "POST");
  post.body = body;
  CHECK(send(post).body == "thanks");
  std::string sent;
  for (const std::string& part : server.requests()) {
    for (const http2::Frame& frame : http2::frames_of(part, http2::kData))
      sent += frame.payload;
  }
  CHECK(sent == body);
  // Until the window was opened it held back what is above 65,535 bytes.
  size_t first = 0;
  for (const http2::Frame& frame : http2::frames_of(server.requests()[0], http2::kData))
    first += frame.payload.size();
  CHECK(first == 65'535);
}

TEST_CASE_FIXTURE(Http2Fixture, "a small body goes with its head") {
  RawServer server({answers(1)});
  Request post = request(server.url(), "POST");
  post.body = "small";
  CHECK(send(post).body == "x");
  const auto data = http2::frames_of(server.requests()[0], http2::kData);
  REQUIRE(data.size() == 1);
  CHECK(data[0].payload == "small");
}

TEST_CASE_FIXTURE(Http2Fixture, "a window that the server shrinks holds a body back") {
  const std::string body(30'000, 'b');
  RawServer server(
      {{RawServer::send(http2::settings({{http2::kInitialWindowSize, 1'000}})),
        http2::await_request(), RawServer::send(http2::answer(1, "x")), http2::await(http2::kData),
        RawServer::send(http2::window_update(3, 29'000)), http2::await_request(),
        RawServer::send(http2::answer(3, "y")), RawServer::hang()}});
  CHECK(get(server.url()).body == "x");
  Request post = request(server.url(), "POST");
  post.body = body;
  CHECK(send(post).body == "y");
  CHECK(http2::frames_of(server.requests()[1], http2::kData)[0].payload.size() == 1'000);
}

TEST_CASE_FIXTURE(Http2Fixture, "a stalled window times out, and the connection lives on") {
  const std::string body(100'000, 'b');
  RawServer server({{RawServer::send(http2::settings()), http2::await(http2::kRstStream),
                     RawServer::send(http2::window_update(0, 1'000'000)), http2::await_request(),
                     RawServer::send(http2::answer(3, "next")), RawServer::hang()}});
  Request post = request(server.url(), "POST");
  post.body = body;
  post.timeout = milliseconds(50);
  const Response stalled = send(post);
  CHECK(stalled.outcome.error.code == ErrorCode::kRequestTimeout);
  CHECK(get(server.url()).body == "next");
  CHECK(server.connections() == 1);
  const auto resets = http2::frames_of(server.requests()[0], http2::kRstStream);
  REQUIRE(resets.size() == 1);
  CHECK(resets[0].payload == std::string("\0\0\0\x08", 4));  // CANCEL
}

TEST_CASE_FIXTURE(Http2Fixture, "a cancelled request leaves the others alone") {
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await_request(2),
        http2::await(http2::kRstStream),
        RawServer::send(http2::answer(1, "late") + http2::answer(3, "kept")), RawServer::hang()}});
  Answer doomed, kept;
  kept.after_end = [this] { loop.stop(); };
  start(request(server.url()), doomed);
  start(request(server.url()), kept);
  std::thread watch([&] {
    CHECK(server.wait_for_requests(1));
    loop.post([&] { CHECK(cancel(doomed)); });
  });
  run();
  watch.join();
  CHECK(kept.response.body == "kept");
  CHECK(doomed.ends == 0);
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(Http2Fixture, "a request cancelled before its turn ends is never sent") {
  RawServer server({answers(1)});
  CHECK(get(server.url()).body == "x");
  Answer doomed;
  start(request(server.url()), doomed);
  CHECK_FALSE(cancel(doomed));
}

TEST_CASE_FIXTURE(Http2Fixture, "a PING is answered") {
  RawServer server(
      {{RawServer::send(http2::settings() + http2::frame(http2::kPing, 0, 0, "12345678")),
        http2::await(http2::kPing), RawServer::send(http2::answer(1, "x")), RawServer::hang()}});
  CHECK(get(server.url()).body == "x");
  const auto pings = http2::frames_of(server.requests()[0], http2::kPing);
  REQUIRE(pings.size() == 1);
  CHECK(pings[0].flags == http2::kAck);
  CHECK(pings[0].payload == "12345678");
}

TEST_CASE_FIXTURE(Http2Fixture,
                  "informational responses are passed over, and trailers kept apart") {
  const std::string wire =
      http2::headers(1, {{":status", "103"}, {"link", "x"}}) +
      http2::headers(1, {{":status", "200"}, {"a", "b"}}) + http2::data(1, "body", 0) +
      http2::headers(1, {{"t", "end"}}, http2::kEndHeaders | http2::kEndStream);
  RawServer server({{RawServer::send(http2::settings()), http2::await_request(),
                     RawServer::send(wire), RawServer::hang()}});
  const Response response = get(server.url());
  CHECK(response.status == 200);
  CHECK(response.fields == "a: b\r\n");
  CHECK(response.body == "body");
  CHECK(response.trailers == "t: end\r\n");
}

TEST_CASE_FIXTURE(Http2Fixture, "an answer that comes byte by byte is read") {
  RawServer::Script script{RawServer::send(http2::settings()), http2::await_request()};
  for (const char byte : http2::answer(1, "slow"))
    script.push_back(RawServer::send(std::string(1, byte)));
  script.push_back(RawServer::hang());
  RawServer server({script});
  CHECK(get(server.url()).body == "slow");
}

TEST_CASE_FIXTURE(Http2Fixture, "an answer may come before the request has ended") {
  const std::string body(200'000, 'b');
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await(http2::kData),
        RawServer::send(
            http2::headers(1, {{":status", "413"}}, http2::kEndHeaders | http2::kEndStream)),
        http2::await(http2::kRstStream), RawServer::send(http2::window_update(0, 1'000'000)),
        http2::await_request(), RawServer::send(http2::answer(3, "next")), RawServer::hang()}});
  Request post = request(server.url(), "POST");
  post.body = body;
  const Response response = send(post);
  CHECK(response.status == 413);
  CHECK(response.outcome.error.text == "");
  CHECK(get(server.url()).body == "next");
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(Http2Fixture, "a HEAD request is answered without a body") {
  RawServer server(
      {{RawServer::send(http2::settings()), http2::await_request(),
        RawServer::send(http2::headers(1, {{":status", "200"}, {"content-length", "9"}},
                                       http2::kEndHeaders | http2::kEndStream)),
        RawServer::hang()}});
  const Response response = send(request(server.url(), "HEAD"));
  CHECK(response.status == 200);
  CHECK(response.body == "");
}

}  // namespace
}  // namespace perigee::http
