// Scripts over HTTP/2: what they read while it arrives, and how their requests are counted.
#include <doctest/doctest.h>

#include "tests/scripting/http_fixture.h"
#include "tests/support/http2_frames.h"

namespace perigee {
namespace {

const std::string kClient = "local client = http.client{ version = '2' }";
// The client's windows count from the acknowledgement on.
const std::string kHello = http2::settings() + http2::frame(http2::kSettings, http2::kAck, 0);
const http2::Fields kEvents{{":status", "200"}, {"content-type", "text/event-stream"}};

}  // namespace

TEST_CASE("a script reads events over HTTP/2 as they arrive") {
  RawServer server({{RawServer::send(kHello), http2::await_request(),
                     RawServer::send(http2::headers(1, kEvents)),
                     RawServer::send(http2::data(1, "data: one\n\nda", 0)), RawServer::gate(),
                     RawServer::send(http2::data(1, "ta: two\n\n")), RawServer::hang()}});
  HttpScript script(server, R"lua(
    local s = client:stream("POST", url, "body")
    assert(s.status == 200 and s.headers["content-type"] == "text/event-stream")
    for event in s:events() do print(event.data) end
    assert(s.error == "")
  )lua",
                    kClient);
  script.start();
  while (!script.told("one"))
    script.loop().run_once();
  CHECK_FALSE(script.told("two"));
  server.open_gate();
  CHECK(script.finish() == IterationResult::kCompleted);
  CHECK(script.told("two"));
  CHECK(script.sum("http_stream_events", {{"status", "200"}}) == 2);
  CHECK(http2::frames_of(server.requests().at(0), http2::kData).at(0).payload == "body");
}

TEST_CASE("a script that reads slowly over HTTP/2 holds its stream back, and no other request") {
  constexpr size_t kWindow = 4 << 20;
  RawServer server(
      {{RawServer::send(kHello), http2::await_request(),
        RawServer::send(http2::headers(1, kEvents) + http2::data(1, "begin\n", 0)),
        http2::await_request(), RawServer::send(http2::flood(1, kWindow - 6)),
        RawServer::send(http2::frame(http2::kPing, 0, 0, "12345678")), http2::await(http2::kPing),
        RawServer::send(http2::answer(3, "quick")), http2::await(http2::kWindowUpdate),
        RawServer::send(http2::data(1, "end")), RawServer::hang()}});
  HttpScript script(server, R"lua(
    local read = 0
    for chunk in client:stream("GET", url):chunks() do
      if read == 0 then assert(client:get(url).body == "quick") end
      read = read + #chunk
    end
    print("read " .. read)
  )lua",
                    kClient);
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
  CHECK(script.told("read " + std::to_string(kWindow + 3)));
  CHECK(server.connections() == 1);
  CHECK(http2::frames_of(server.requests().at(2), http2::kWindowUpdate).empty());
  CHECK(http2::frames_of(server.requests().at(3), http2::kWindowUpdate).at(0).stream == 1);
}

TEST_CASE("a stream that a script closes over HTTP/2 is cancelled alone") {
  RawServer server({{RawServer::send(kHello), http2::await_request(),
                     RawServer::send(http2::headers(1, kEvents) + http2::data(1, "x", 0)),
                     http2::await(http2::kRstStream), http2::await_request(),
                     RawServer::send(http2::answer(3, "next")), RawServer::hang()}});
  HttpScript script(server, R"lua(
    local s = client:stream("GET", url)
    for _ in s:chunks() do s:close() end
    assert(client:get(url).body == "next")
  )lua",
                    kClient);
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
  CHECK(script.sum("http_reqs", {{"status", "200"}}) == 2);
  CHECK(script.sum("http_reqs_interrupted") == 0);
  CHECK(server.connections() == 1);
}

TEST_CASE("requests that an HTTP/2 server has processed are reported or interrupted") {
  // Of six requests one is refused; then all but two must go elsewhere. Three are answered.
  RawServer server(
      {{RawServer::send(kHello), http2::await_request(6),
        RawServer::send(http2::answer(1, "x") + http2::rst_stream(3, http2::kRefusedStream)),
        http2::await_request(), RawServer::send(http2::go_away(5, http2::kNoError)),
        RawServer::hang()},
       {RawServer::send(kHello), http2::await_request(4),
        RawServer::send(http2::answer(1, "x") + http2::answer(3, "x")), RawServer::hang()}});
  HttpScript script(server, "for _ = 1, 6 do client:async_request('GET', url) end", kClient);
  script.start();
  while (script.sum("http_reqs") < 3)
    script.loop().run_once();
  script.vu().interrupt();
  CHECK(script.finish() == IterationResult::kInterrupted);
  size_t arrived = 0;
  for (const std::string& part : server.requests())
    arrived += http2::frames_of(part, http2::kHeaders).size();
  CHECK(arrived == 11);
  CHECK(script.sum("http_reqs", {{"status", "200"}}) == 3);
  CHECK(script.sum("http_reqs_interrupted") == 3);
  CHECK(script.sum("http_reqs_retried") == 1 + 4);
  CHECK(arrived == script.sum("http_reqs") + script.sum("http_reqs_interrupted") +
                       script.sum("http_reqs_retried"));
}

TEST_CASE("a script reads the trailers behind a body") {
  const std::string trailed = http2::headers(1, {{":status", "200"}}) + http2::data(1, "body", 0) +
                              http2::headers(1, {{"grpc-status", "0"}, {"x-a", "1"}, {"x-a", "2"}},
                                             http2::kEndHeaders | http2::kEndStream);
  RawServer server(
      {{RawServer::send(kHello), http2::await_request(), RawServer::send(trailed),
        http2::await_request(), RawServer::send(http2::answer(3, "none")), RawServer::hang()}});
  HttpScript script(server, R"lua(
    local res = client:get(url)
    assert(res.body == "body")
    assert(res.trailers["grpc-status"] == "0" and res.trailers["x-a"] == "1, 2")
    assert(res.headers["Grpc-Status"] == nil)
    res = client:get(url)
    assert(res.body == "none" and next(res.trailers) == nil)
  )lua",
                    kClient);
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
}

TEST_CASE("a script reads the trailers of a stream when it has ended") {
  RawServer server({{RawServer::send(kHello), http2::await_request(),
                     RawServer::send(http2::headers(1, kEvents) + http2::data(1, "data: x\n\n", 0) +
                                     http2::headers(1, {{"x-sum", "7"}},
                                                    http2::kEndHeaders | http2::kEndStream)),
                     RawServer::hang()}});
  HttpScript script(server, R"lua(
    local s = client:stream("POST", url, "body")
    for event in s:events() do assert(event.data == "x") end
    assert(s.trailers["x-sum"] == "7")
  )lua",
                    kClient);
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
}

TEST_CASE("trailers of chunks are those of HTTP/2, with names in lower case") {
  RawServer server({{RawServer::request(),
                     RawServer::send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                     "4\r\nbody\r\n0\r\nX-Sum:  7 \r\n\r\n"),
                     RawServer::request(),
                     RawServer::send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                     "0\r\n\r\n")}});
  HttpScript script(server, R"lua(
    local res = http.get(url)
    assert(res.body == "body" and res.trailers["x-sum"] == "7")
    assert(next(http.get(url).trailers) == nil)
  )lua");
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
  CHECK(server.connections() == 1);
}

}  // namespace perigee
