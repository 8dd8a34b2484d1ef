#include "engine/export/http_push.h"

#include <doctest/doctest.h>

#include "engine/export/receiver_settings.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/raw_server.h"

namespace perigee::exports {
namespace {

using Kind = PushResult::Kind;

struct Fixture : LoopFixture {
  PushResult send(const RawServer& server, const Push& push = {.body = "body"}) {
    HttpPush transport(loop, {.url = parse_receiver_url(server.url("/write")),
                              .headers = {{"X-Scope", "blue"}},
                              .timeout = std::chrono::seconds(10)});
    PushResult got;
    transport.send(push, [&](const PushResult& result) {
      got = result;
      loop.stop();
    });
    run();
    return got;
  }
  PushResult answered(const std::string& response) {
    const RawServer server({{RawServer::request(), RawServer::send(response)}});
    return send(server);
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a push is a POST with the receiver's headers and its own") {
  const RawServer server(
      {{RawServer::request(), RawServer::send("HTTP/1.1 204 No Content\r\n\r\n")}});
  Push push{.body = "the body"};
  push.headers = {{"Content-Type", "a/b"}};
  CHECK(send(server, push).kind == Kind::kAccepted);
  const std::string request = server.requests().at(0);
  CHECK(request.starts_with("POST /write HTTP/1.1\r\n"));
  CHECK(has(request, "X-Scope: blue\r\n"));
  CHECK(has(request, "Content-Type: a/b\r\n"));
  CHECK(request.ends_with("\r\n\r\nthe body"));
}

TEST_CASE_FIXTURE(Fixture, "a push is signed with what it sends where to") {
  const RawServer server(
      {{RawServer::request(), RawServer::send("HTTP/1.1 204 No Content\r\n\r\n")}});
  HttpPush transport(loop, {.url = parse_receiver_url(server.url("/write")),
                            .sign =
                                [](const http::Url& url, std::string_view body) {
                                  return std::vector<std::pair<std::string, std::string>>{
                                      {"X-Signature", url.target + " " + std::string(body)}};
                                },
                            .timeout = std::chrono::seconds(10)});
  const Push push{.body = "the body", .target = "/other"};
  transport.send(push, [&](const PushResult&) { loop.stop(); });
  run();
  CHECK(has(server.requests().at(0), "X-Signature: /other the body\r\n"));
}

TEST_CASE_FIXTURE(Fixture, "a push goes through a proxy if there is one") {
  const RawServer proxy(
      {{RawServer::request(), RawServer::send("HTTP/1.1 204 No Content\r\n\r\n")}});
  HttpPush transport(loop, {.url = parse_receiver_url("http://receiver.example/write"),
                            .proxies = http::ProxySettings::through(proxy.url()),
                            .timeout = std::chrono::seconds(10)});
  const Push push{.body = "body"};
  PushResult got{.kind = Kind::kRefused};
  transport.send(push, [&](const PushResult& result) {
    got = result;
    loop.stop();
  });
  run();
  CHECK(got.kind == Kind::kAccepted);
  CHECK(proxy.requests().at(0).starts_with("POST http://receiver.example/write HTTP/1.1\r\n"));
}

TEST_CASE_FIXTURE(Fixture, "a status says whether another try can help") {
  for (const int status : {408, 429, 500, 502, 503, 504})
    CHECK(answered("HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: 0\r\n\r\n").kind ==
          Kind::kBusy);
  for (const int status : {301, 400, 401, 403, 404, 413, 415, 422, 501})
    CHECK(answered("HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: 0\r\n\r\n").kind ==
          Kind::kRefused);
  for (const int status : {200, 202})
    CHECK(answered("HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: 0\r\n\r\n").kind ==
          Kind::kAccepted);
}

TEST_CASE_FIXTURE(Fixture, "the reason is the status with the first line of the body") {
  const PushResult result =
      answered("HTTP/1.1 400 Bad Request\r\nContent-Length: 22\r\n\r\nout of order sample\nxy");
  CHECK(result.reason == "400 Bad Request: out of order sample");
  CHECK(answered("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n").reason ==
        "401 Unauthorized");
}

TEST_CASE_FIXTURE(Fixture, "a receiver may say how long it wants to be left alone") {
  CHECK(answered("HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n").wait ==
        std::chrono::seconds(7));
  CHECK(answered("HTTP/1.1 503 Busy\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n").wait ==
        Duration{});
}

TEST_CASE_FIXTURE(Fixture, "a receiver that says nothing is out of reach") {
  const RawServer server({{RawServer::request(), RawServer::hang_up()}});
  const PushResult result = send(server);
  CHECK(result.kind == Kind::kUnreachable);
  CHECK_FALSE(result.reason.empty());
}

TEST_CASE_FIXTURE(Fixture, "a push can be given up on its way") {
  RawServer server({{RawServer::hang()}});
  HttpPush transport(
      loop, {.url = parse_receiver_url(server.url()), .timeout = std::chrono::seconds(10)});
  const Push push{.body = "body"};
  bool called = false;
  transport.send(push, [&](const PushResult&) { called = true; });
  turn();
  transport.cancel();
  turn();
  CHECK_FALSE(called);
}

}  // namespace perigee::exports
