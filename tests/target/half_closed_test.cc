// Clients that close their own side and still read, as `nc -N` does.
#include <doctest/doctest.h>

#include "tests/target/target_fixture.h"

namespace perigee {
namespace {

std::string get(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

// All that comes back to a client that sends these bytes and closes its side.
std::string replies_to(const TargetFixture& fixture, const std::string& bytes) {
  RawClient client = fixture.connect();
  client.send(bytes);
  client.half_close();
  return client.read_to_end();
}

TEST_CASE("a client that has closed its side gets the replies to what it has sent") {
  const TargetFixture fixture;
  SUBCASE("one that waits for its instant") {
    CHECK(replies_to(fixture, get("/delay/10")).ends_with("\r\n\r\nwaited\n"));
  }
  SUBCASE("one that waits, and those to the requests behind it") {
    const std::string replies =
        replies_to(fixture, get("/delay/10") + get("/delay/10") + get("/bytes/3"));
    CHECK(replies.find("waited\n") != std::string::npos);
    CHECK(replies.ends_with("\r\n\r\nabc"));
  }
  SUBCASE("one that is larger than the kernel takes at once") {
    constexpr size_t kLarge = 20'000'000;
    const std::string replies = replies_to(fixture, get("/bytes/20000000"));
    CHECK(replies.size() == replies.find("\r\n\r\n") + 4 + kLarge);
  }
  SUBCASE("one that goes out in pieces") {
    const std::string body =
        R"({"model": "m", "prompt": "a", "max_tokens": 3, "stream": true, "first_token": "5ms"})";
    const std::string replies =
        replies_to(fixture, "POST /v1/completions HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                                std::to_string(body.size()) + "\r\n\r\n" + body);
    CHECK(replies.ends_with("data: [DONE]\n\n\r\n0\r\n\r\n"));
  }
  SUBCASE("the refusal of what is no request") {
    CHECK(replies_to(fixture, "odd\r\n\r\n").starts_with("HTTP/1.1 400 "));
  }
}

TEST_CASE("a client that has closed its side waits for no reply that never comes") {
  const TargetFixture fixture;
  CHECK(replies_to(fixture, get("/hang")).empty());
  CHECK(replies_to(fixture, get("/bytes/3") + get("/hang")).ends_with("abc"));
  CHECK(replies_to(fixture, "GET /bytes/3 HTTP/1.1\r\nHos").empty());
  CHECK(replies_to(fixture, get("/hang") + std::string(1'000'000, 'x')).empty());
}

}  // namespace
}  // namespace perigee
