#include "engine/http/http_debug.h"

#include <doctest/doctest.h>

#include "engine/base/limits.h"
#include "tests/engine/http/http_fixture.h"

namespace perigee::http {
namespace {

// A client that tells a log, whose messages are kept.
struct DebugFixture : HttpFixture {
  explicit DebugFixture(bool bodies) : debug(log, bodies) {}

  Response send(const Request& request) {
    Answer answer;
    answer.after_end = [this] { loop.stop(); };
    answer.start(talking, connections, request);
    run();
    return answer.response;
  }

  std::vector<std::string> lines;
  Log log{{.format = LogFormat::kRaw,
           .sink = [this](std::string_view line) { lines.emplace_back(line); }}};
  HttpDebug debug;
  Client talking{loop, network, deadlines, {.user_agent = "me", .debug = &debug}};
  ConnectionPool connections{traffic};
};

struct Headers : DebugFixture {
  Headers() : DebugFixture(false) {}
};

struct Full : DebugFixture {
  Full() : DebugFixture(true) {}
};

TEST_CASE_FIXTURE(Headers, "requests and answers are told as they are on the wire") {
  RawServer server({answers({"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nX-A: b\r\n\r\nok"})});
  Request post = request(server.url("/path?a=1"), "POST");
  post.body = "hello";
  send(post);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "Request 1:\nPOST /path?a=1 HTTP/1.1\nHost: 127.0.0.1:" +
                        std::to_string(server.port()) + "\nUser-Agent: me\nContent-Length: 5\n\n");
  CHECK(lines[1] == "Response 1:\nHTTP/1.1 201 Created\nContent-Length: 2\nX-A: b\n\n");
}

TEST_CASE_FIXTURE(Full, "bodies follow their heads") {
  SUBCASE("as they are") {
    RawServer server({answers({ok("fine")})});
    Request post = request(server.url(), "POST");
    post.body = "hello";
    send(post);
    CHECK(lines[0].ends_with("Content-Length: 5\n\nhello\n"));
    CHECK(lines[1].ends_with("Content-Length: 4\n\nfine\n"));
  }
  SUBCASE("by their size alone, if they are no text") {
    RawServer server({answers({ok(std::string("\0\1\2", 3))})});
    send(request(server.url()));
    CHECK(lines[1].ends_with("Content-Length: 3\n\n(3 bytes that are no text)\n"));
  }
  SUBCASE("to a limit") {
    const std::string large(limits::kLoggedBody + 10, 'a');
    RawServer server({answers({ok(large)})});
    Request post = request(server.url(), "POST");
    post.body = large;
    send(post);
    CHECK(lines[0].ends_with("aaa\n(10 more bytes)\n"));
    CHECK(lines[1].ends_with("aaa\n(10 more bytes)\n"));
  }
}

TEST_CASE_FIXTURE(Headers, "secrets are left out") {
  RawServer server(
      {answers({"HTTP/1.1 200 OK\r\nSet-Cookie: id=\"a\"; Secure\r\n"
                "Content-Length: 0\r\n\r\n"})});
  Request get = request("http://me:hidden@127.0.0.1:" + std::to_string(server.port()) + "/");
  const std::vector<Header> headers{
      {"cookie", "a=\"hidden\"; b=hidden"}, {"X-Api-Key", "hidden"}, {"X-Auth-Token", "hidden"}};
  get.headers = headers;
  send(get);
  const std::string& sent = lines[0];
  CHECK(sent.find("hidden") == std::string::npos);
  CHECK(sent.find("cookie: ***\n") != std::string::npos);
  CHECK(sent.find("X-Api-Key: ***\n") != std::string::npos);
  CHECK(sent.find("X-Auth-Token: ***\n") != std::string::npos);
  CHECK(sent.find("Authorization: ***\n") != std::string::npos);
  CHECK(lines[1].find("Set-Cookie: ***\n") != std::string::npos);
}

constexpr std::string_view kTrailers =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfine\r\n0\r\n"
    "X-Api-Key: hidden\r\nX-Sum: 7\r\n\r\n";

TEST_CASE_FIXTURE(Headers, "trailers are logged below the head") {
  RawServer server({answers({std::string(kTrailers)})});
  send(request(server.url()));
  CHECK(lines.at(1) ==
        "Response 1:\nHTTP/1.1 200 OK\nTransfer-Encoding: chunked\n"
        "\n(trailers)\nX-Api-Key: ***\nX-Sum: 7\n\n");
}

TEST_CASE_FIXTURE(Full, "trailers are logged below the body") {
  RawServer server({answers({std::string(kTrailers), ok("none")})});
  send(request(server.url()));
  CHECK(lines.at(1).ends_with("\n\nfine\n\n(trailers)\nX-Api-Key: ***\nX-Sum: 7\n\n"));
  send(request(server.url()));
  CHECK(lines.at(3).ends_with("\n\nnone\n"));
}

TEST_CASE("headers that are no secrets are shown, whatever words their names hold") {
  const std::string head =
      "GET / HTTP/1.1\nSec-WebSocket-Key: a\nx-ratelimit-remaining-tokens: 7\n"
      "Idempotency-Key: b\nX-Token-Type: c\n";
  CHECK(readable_head(head) == head);
  CHECK(readable_head("GET / HTTP/1.1\nX-Auth: a\nOcp-Apim-Subscription-Key: b\n") ==
        "GET / HTTP/1.1\nX-Auth: ***\nOcp-Apim-Subscription-Key: ***\n");
}

TEST_CASE_FIXTURE(Headers, "nothing of a cancelled exchange is logged for the next one") {
  RawServer server({answers({"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"})});
  Answer cancelled;
  cancelled.after_head = [this] { loop.stop(); };
  cancelled.start(talking, connections, request(server.url()));
  run();
  cancelled.exchange.cancel();
  REQUIRE(lines.size() == 1);
  const Response refused = send(request(server.url(), "NO METHOD"));
  CHECK(refused.outcome.error);
  CHECK(lines.size() == 1);
}

TEST_CASE_FIXTURE(Headers, "an answer that fails says why") {
  RawServer server({answers({"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"})});
  const Response response = send(request(server.url()));
  REQUIRE(lines.size() == 2);
  CHECK(lines[1] == "Response 1:\n" + response.outcome.error.text + "\n");
}

}  // namespace
}  // namespace perigee::http
