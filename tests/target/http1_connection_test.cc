#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/base/limits.h"
#include "tests/target/target_fixture.h"

namespace perigee {
namespace {

constexpr std::string_view kGetFive = "GET /bytes/5 HTTP/1.1\r\nHost: test\r\n\r\n";

TEST_CASE_FIXTURE(TargetFixture, "a connection serves one request after the other") {
  RawClient client(port());
  for (int i = 0; i < 3; ++i) {
    const RawAnswer answer = client.get("/bytes/5");
    CHECK(answer.status == 200);
    CHECK(answer.reason == "OK");
    CHECK(answer.body == "abcde");
    CHECK(answer.headers.count("connection") == 0);
  }
  CHECK(stats()["connections"] == 1);
}

TEST_CASE_FIXTURE(TargetFixture, "pipelined requests are answered in their order") {
  RawClient client(port());
  std::string requests;
  for (int i = 1; i <= 100; ++i) {
    requests += fmt::format("GET /bytes/{} HTTP/1.1\r\nHost: test\r\n\r\n", i);
  }
  client.send(requests);
  for (size_t i = 1; i <= 100; ++i)
    CHECK(client.read_answer().body.size() == i);
}

TEST_CASE_FIXTURE(TargetFixture, "a pipelined request waits for one that takes its time") {
  RawClient client(port());
  client.send("GET /delay/50 HTTP/1.1\r\nHost: test\r\n\r\n" + std::string(kGetFive));
  CHECK(client.read_answer().body == "waited\n");
  CHECK(client.read_answer().body == "abcde");
}

TEST_CASE_FIXTURE(TargetFixture, "large answers come whole between small ones") {
  RawClient client(port());
  const std::string large = "GET /bytes/3000000 HTTP/1.1\r\nHost: test\r\n\r\n";
  client.send(large + std::string(kGetFive) + large);
  CHECK(client.read_answer().body.size() == 3'000'000);
  CHECK(client.read_answer().body == "abcde");
  CHECK(client.read_answer().body.size() == 3'000'000);
}

TEST_CASE_FIXTURE(TargetFixture, "a request that comes byte by byte is read all the same") {
  RawClient client(port());
  constexpr std::string_view kRequest =
      "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello";
  for (const char byte : kRequest)
    client.send({&byte, 1});
  CHECK(nlohmann::json::parse(client.read_answer().body)["body"] == "hello");
}

TEST_CASE_FIXTURE(TargetFixture, "a chunked body is put together") {
  RawClient client(port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n7;x=y\r\n, world\r\n0\r\nTrailer: z\r\n\r\n");
  CHECK(nlohmann::json::parse(client.read_answer().body)["body"] == "hello, world");
  CHECK(client.get("/bytes/5").status == 200);
}

TEST_CASE_FIXTURE(TargetFixture, "a client that expects it is told to continue") {
  std::string method = "POST";
  SUBCASE("with a POST") {}
  SUBCASE("with a GET that has a body, too") {
    method = "GET";
  }
  RawClient client(port());
  client.send(method +
              " /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n"
              "Expect: 100-continue\r\n\r\n");
  CHECK(client.read_head().status == 100);
  client.send("hello");
  CHECK(nlohmann::json::parse(client.read_answer().body)["body"] == "hello");
}

TEST_CASE_FIXTURE(TargetFixture, "a client that does not wait is not told to continue") {
  CHECK(connect().post("/echo", "hello", "Expect: 100-continue\r\n").status == 200);
}

TEST_CASE_FIXTURE(TargetFixture, "the answer to HEAD is that to GET without its body") {
  RawClient client(port());
  client.send("HEAD /bytes/50 HTTP/1.1\r\nHost: test\r\n\r\n");
  const RawAnswer head = client.read_head();
  CHECK(head.status == 200);
  CHECK(head.headers.at("content-length") == "50");
  client.send("HEAD /bytes/3000000 HTTP/1.1\r\nHost: test\r\n\r\n");
  CHECK(client.read_head().headers.at("content-length") == "3000000");
  CHECK(client.get("/bytes/5").body == "abcde");
}

TEST_CASE_FIXTURE(TargetFixture, "a client that wants the connection closed gets it closed") {
  RawClient client(port());
  client.send("GET /bytes/5 HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
  const RawAnswer answer = client.read_answer();
  CHECK(answer.headers.at("connection") == "close");
  CHECK(client.read_to_end() == "");
}

TEST_CASE_FIXTURE(TargetFixture, "an HTTP/1.0 connection is kept only if the client says so") {
  RawClient closing(port());
  closing.send("GET /bytes/5 HTTP/1.0\r\n\r\n");
  CHECK(closing.read_answer().headers.at("connection") == "close");
  CHECK(closing.read_to_end() == "");
  RawClient kept(port());
  kept.send("GET /bytes/5 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(kept.read_answer().headers.at("connection") == "keep-alive");
  CHECK(kept.get("/bytes/5").status == 200);
}

TEST_CASE_FIXTURE(TargetFixture, "what is not HTTP is refused and the connection closed") {
  for (const char* bytes :
       {"hello\r\n\r\n", "GET /bytes/5 HTTP/9.9\r\n\r\n", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost a\r\n\r\n"}) {
    CAPTURE(bytes);
    RawClient client(port());
    client.send(bytes);
    const RawAnswer answer = client.read_answer();
    CHECK(answer.status == 400);
    CHECK(answer.headers.at("connection") == "close");
  }
  CHECK(stats()["malformed"] == 4);
  CHECK(stats()["requests"] == 0);
}

TEST_CASE_FIXTURE(TargetFixture, "a request of the time before HTTP/1.0 is refused") {
  RawClient client(port());
  client.send("GET /bytes/5\r\n\r\n");
  CHECK(client.read_answer().status == 400);
  CHECK(client.read_to_end() == "");
}

TEST_CASE_FIXTURE(TargetFixture, "a request without a host is refused") {
  RawClient client(port());
  client.send("GET /bytes/5 HTTP/1.1\r\n\r\n");
  const RawAnswer answer = client.read_answer();
  CHECK(answer.status == 400);
  CHECK(answer.body == R"({"error":"the request has no Host header"})");
}

TEST_CASE_FIXTURE(TargetFixture, "a malformed chunk is refused") {
  RawClient client(port());
  client.send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
  CHECK(client.read_answer().status == 400);
  CHECK(stats()["statuses"]["400"] == 1);
}

TEST_CASE_FIXTURE(TargetFixture, "a head without end is refused") {
  RawClient client(port());
  client.send("GET /bytes/5 HTTP/1.1\r\nHost: test\r\nX: " +
              std::string(limits::kRequestHead, 'x'));
  const RawAnswer answer = client.read_answer();
  CHECK(answer.status == 431);
  CHECK(answer.body == R"({"error":"the head of the request is too large"})");
}

TEST_CASE_FIXTURE(TargetFixture, "a body that is announced too large is refused before it comes") {
  RawClient client(port());
  client.send(fmt::format("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: {}\r\n\r\n",
                          limits::kRequestBody + 1));
  CHECK(client.read_answer().status == 413);
}

TEST_CASE_FIXTURE(TargetFixture,
                  "a refused client that goes on sending gets the answer all the same") {
  RawClient client(port());
  client.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 100000000000\r\n\r\n" +
              std::string(100'000, 'x'));
  const RawAnswer answer = client.read_answer();
  CHECK(answer.status == 413);
  CHECK(answer.body == R"({"error":"the body is too large"})");
}

TEST_CASE_FIXTURE(TargetFixture, "a body that grows too large in chunks is refused") {
  RawClient client(port());
  client.send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "100000\r\n" + std::string(1 << 20, 'x') + "\r\n";
  for (size_t sent = 0; sent <= limits::kRequestBody; sent += 1 << 20)
    client.send(chunk);
  CHECK(client.read_answer().status == 413);
}

TEST_CASE_FIXTURE(TargetFixture, "a client that leaves in the middle disturbs nobody") {
  for (const char* bytes :
       {"GET /by", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhi",
        "GET /hang HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /bytes/9000000 HTTP/1.1\r\nHost: a\r\n\r\n"}) {
    connect().send(bytes);
  }
  CHECK(get("/bytes/5").status == 200);
}

TEST_CASE_FIXTURE(TargetFixture, "more requests than the server reads ahead are all answered") {
  constexpr size_t kRequests = 20'000;
  RawClient client(port());
  std::string requests = "GET /delay/20 HTTP/1.1\r\nHost: test\r\n\r\n";
  for (size_t i = 0; i < kRequests; ++i)
    requests += kGetFive;
  client.send(requests);
  CHECK(client.read_answer().body == "waited\n");
  size_t answered = 0;
  while (answered < kRequests && client.read_answer().body == "abcde")
    ++answered;
  CHECK(answered == kRequests);
}

TEST_CASE_FIXTURE(TargetFixture, "a client that offers HTTP/2 goes on in HTTP/1.1") {
  RawClient client(port());
  for (int i = 0; i < 3; ++i) {
    client.send(
        "GET /bytes/3 HTTP/1.1\r\nHost: test\r\nConnection: Upgrade, HTTP2-Settings\r\n"
        "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
    CHECK(client.read_answer().body == "abc");
  }
  CHECK(stats()["malformed"] == 0);
}

}  // namespace
}  // namespace perigee
