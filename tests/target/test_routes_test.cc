#include <chrono>

#include <doctest/doctest.h>

#include "tests/target/target_fixture.h"

namespace perigee {
namespace {

using nlohmann::json;

TEST_CASE_FIXTURE(TargetFixture, "/status answers the status it is asked for") {
  RawClient client(port());
  CHECK(client.get("/status/200").status == 200);
  CHECK(client.get("/status/404").reason == "Not Found");
  CHECK(client.get("/status/503").status == 503);
  CHECK(client.get("/status/204").headers.count("content-length") == 0);
  CHECK(client.get("/status/302").headers.at("location") == "/status/200");
  CHECK(client.post("/status/201", "body").status == 201);
}

TEST_CASE_FIXTURE(TargetFixture,
                  "/bytes answers as many bytes as it is asked for, with any method") {
  RawClient client(port());
  CHECK(client.get("/bytes/0").body == "");
  CHECK(client.get("/bytes/30").body == "abcdefghijklmnopqrstuvwxyzabcd");
  CHECK(client.get("/bytes/16384").body.size() == 16384);
  CHECK(client.get("/bytes/16385").body.size() == 16385);
  CHECK(client.get("/bytes/1048577").body.size() == 1048577);
  CHECK(client.post("/bytes/5", "x").body == "abcde");
}

TEST_CASE_FIXTURE(TargetFixture, "an argument that makes no sense is refused") {
  RawClient client(port());
  CHECK(client.get("/bytes/x").body ==
        R"({"error":"/bytes/{n}: \"x\" is not a number of bytes up to 67108864"})");
  CHECK(client.get("/bytes/67108865").status == 400);
  CHECK(client.get("/status/100").body ==
        R"({"error":"/status/{code}: \"100\" is not a status from 200 to 599"})");
  CHECK(client.get("/delay/-1").body ==
        R"({"error":"/delay/{ms}: \"-1\" is not a number of milliseconds up to 3600000"})");
  CHECK(client.get("/delay/1/bytes/x").status == 400);
  CHECK(client.get("/redirect/1001").status == 400);
}

TEST_CASE_FIXTURE(TargetFixture, "/delay answers not before its time") {
  const auto start = std::chrono::steady_clock::now();
  CHECK(get("/delay/30").body == "waited\n");
  CHECK(get("/delay/30/bytes/5").body == "abcde");
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(60));
}

TEST_CASE_FIXTURE(TargetFixture, "/echo tells the request as it arrived") {
  RawClient client(port());
  client.send(
      "PUT /echo?a=b HTTP/1.1\r\nHost: test\r\nX-One: 1\r\nX-Two: a\r\nX-Two: b\r\n"
      "Content-Length: 3\r\n\r\nabc");
  const json echo = json::parse(client.read_answer().body);
  CHECK(echo["method"] == "PUT");
  CHECK(echo["path"] == "/echo");
  CHECK(echo["query"] == "a=b");
  CHECK(echo["headers"]["X-One"] == "1");
  CHECK(echo["headers"]["X-Two"] == "a, b");
  CHECK(echo["body"] == "abc");
}

TEST_CASE_FIXTURE(TargetFixture, "/redirect leads on until the number is used up") {
  RawClient client(port());
  const RawAnswer first = client.get("/redirect/2");
  CHECK(first.status == 302);
  CHECK(first.headers.at("location") == "/redirect/1");
  CHECK(client.get("/redirect/1").headers.at("location") == "/redirect/0");
  CHECK(client.get("/redirect/0").status == 200);
}

TEST_CASE_FIXTURE(TargetFixture, "/close answers and closes, with or without saying so") {
  RawClient announced(port());
  CHECK(announced.get("/close").headers.at("connection") == "close");
  CHECK(announced.read_to_end() == "");
  RawClient silent(port());
  CHECK(silent.get("/close/silently").headers.count("connection") == 0);
  CHECK(silent.read_to_end() == "");
}

TEST_CASE_FIXTURE(TargetFixture, "/reset resets the connection without an answer") {
  RawClient client(port());
  client.send("GET /reset HTTP/1.1\r\nHost: test\r\n\r\n");
  CHECK(client.is_reset());
}

TEST_CASE_FIXTURE(TargetFixture, "/half promises more than it sends") {
  RawClient client(port());
  client.send("GET /half/10 HTTP/1.1\r\nHost: test\r\n\r\n");
  CHECK(client.read_to_end() ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\nabcde");
}

TEST_CASE_FIXTURE(TargetFixture, "/half of a large body is half of it") {
  RawClient client(port());
  client.send("GET /half/1000000 HTTP/1.1\r\nHost: test\r\n\r\n");
  CHECK(client.read_head().headers.at("content-length") == "1000000");
  CHECK(client.read_to_end().size() == 500'000);
}

TEST_CASE_FIXTURE(TargetFixture, "/garbage answers what is not HTTP") {
  RawClient client(port());
  client.send("GET /garbage HTTP/1.1\r\nHost: test\r\n\r\n");
  CHECK(client.read_to_end() == "garbage, not HTTP\r\n\r\n");
}

TEST_CASE_FIXTURE(TargetFixture, "/hang answers nothing while others are served") {
  RawClient client(port());
  client.send("GET /hang HTTP/1.1\r\nHost: test\r\n\r\n");
  CHECK(get("/bytes/5").status == 200);
  CHECK(client.silent());
}

TEST_CASE_FIXTURE(TargetFixture, "an unknown path is not found") {
  const RawAnswer answer = get("/nope");
  CHECK(answer.status == 404);
  CHECK(answer.body == R"({"error":"there is no route /nope"})");
}

TEST_CASE_FIXTURE(TargetFixture,
                  "a method that a route does not take is refused with those it takes") {
  RawClient client(port());
  const RawAnswer answer = client.post("/v2", "");
  CHECK(answer.status == 405);
  CHECK(answer.headers.at("allow") == "GET, HEAD");
  CHECK(answer.body == R"({"error":"/v2 does not take POST; it takes GET, HEAD"})");
  CHECK(client.get("/v2/models/iris/infer").status == 405);
  CHECK(client.post("/stats", "").status == 405);
}

TEST_CASE_FIXTURE(TargetFixture,
                  "/stats counts what arrived and what was answered, but not itself") {
  const json none = stats();
  CHECK(none["requests"] == 0);
  CHECK(none["connections"] == 0);
  CHECK(none["bytes_received"] == 0);
  {
    RawClient client(port());
    client.get("/bytes/5");
    client.get("/bytes/6");
    client.get("/status/404");
    client.send("GET /half/10 HTTP/1.1\r\nHost: test\r\n\r\n");
    client.read_to_end();
  }
  const json some = stats();
  CHECK(some["requests"] == 4);
  CHECK(some["answered"] == 3);
  CHECK(some["connections"] == 1);
  CHECK(some["routes"] == json{{"/bytes/{n}", 2}, {"/half/{n}", 1}, {"/status/{code}", 1}});
  CHECK(some["statuses"] == json{{"200", 2}, {"404", 1}});
  CHECK(some["arrivals_ns"].size() == 4);
  CHECK(some["arrivals_left_out"] == 0);
}

TEST_CASE_FIXTURE(TargetFixture, "/stats counts bytes as the wire saw them") {
  RawClient client(port());
  client.get("/bytes/5");
  const json some = stats();
  CHECK(some["bytes_received"] ==
        std::string_view("GET /bytes/5 HTTP/1.1\r\nHost: test\r\n\r\n").size());
  CHECK(some["bytes_sent"] ==
        std::string_view(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nabcde")
            .size());
}

TEST_CASE_FIXTURE(TargetFixture, "/stats gives the arrivals of one route when asked") {
  get("/bytes/5");
  get("/echo");
  get("/bytes/5");
  CHECK(json::parse(get("/stats?route=/bytes/%7Bn%7D").body)["arrivals_ns"].size() == 2);
  CHECK(json::parse(get("/stats?route=/bytes/{n}").body)["arrivals_ns"].size() == 2);
  CHECK(json::parse(get("/stats?route=/echo").body)["arrivals_ns"].size() == 1);
}

TEST_CASE_FIXTURE(TargetFixture, "/stats can be reset in both ways") {
  get("/bytes/5");
  CHECK(connect().post("/stats/reset", "").status == 200);
  CHECK(stats()["requests"] == 0);
  get("/bytes/5");
  CHECK(stats()["requests"] == 1);
  RawClient client(port());
  client.send("DELETE /stats HTTP/1.1\r\nHost: test\r\n\r\n");
  CHECK(client.read_answer().status == 200);
  CHECK(stats()["requests"] == 0);
}

}  // namespace
}  // namespace perigee
