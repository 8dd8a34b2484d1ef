#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "engine/http/digest_auth.h"
#include "tests/target/target_fixture.h"

namespace perigee {
namespace {

RawAnswer get_with(RawClient& client, const std::string& target, const std::string& fields) {
  client.send("GET " + target + " HTTP/1.1\r\nHost: t\r\n" + fields + "\r\n");
  return client.read_answer();
}

// The Authorization header of a client with these credentials, as an answer to a challenge.
std::string digest_field(const std::string& challenge, const std::string& credentials) {
  const auto asked = http::parse_digest_challenge(challenge);
  REQUIRE(asked);
  return "Authorization: " +
         http::digest_auth(*asked, {.credentials = credentials,
                                    .method = "GET",
                                    .target = "/digest-auth/ada/lace?q=1",
                                    .client_nonce = "0a4f113b"}) +
         "\r\n";
}

}  // namespace

TEST_CASE_FIXTURE(TargetFixture, "/ lists the routes with their methods") {
  const RawAnswer answer = get("/");
  CHECK(answer.status == 200);
  for (const char* line : {"\n/echo ", "\n/v2/models/{model}/infer ", "\n/v1/chat/completions ",
                           "\n/digest-auth/{user}/{password} "}) {
    CAPTURE(line);
    CHECK(answer.body.find(line) != std::string::npos);
  }
  CHECK(answer.body.starts_with("/ "));
}

TEST_CASE_FIXTURE(TargetFixture, "/cookies shows what came, and sets what it is asked to") {
  RawClient client(port());
  CHECK(client.get("/cookies").body == R"({"cookies":{}})");
  CHECK(get_with(client, "/cookies", "Cookie: id=7; token=a=b\r\n").body ==
        R"({"cookies":{"id":"7","token":"a=b"}})");
  CHECK(get_with(client, "/cookies", "Cookie: id=7; id=8; nothing\r\n").body ==
        R"({"cookies":{"id":"7"}})");
  CHECK(client.get("/cookies/set/id/7").headers.at("set-cookie") == "id=7; Path=/");
}

TEST_CASE_FIXTURE(TargetFixture, "basic authentication needs the user and password of the URL") {
  RawClient client(port());
  const RawAnswer asked = client.get("/basic-auth/ada/lace");
  CHECK(asked.status == 401);
  CHECK(asked.headers.at("www-authenticate") == "Basic realm=\"perigee\"");
  // "ada:lace" and "ada:wrong" in base64.
  CHECK(get_with(client, "/basic-auth/ada/lace", "Authorization: Basic YWRhOmxhY2U=\r\n").body ==
        R"({"authenticated":true,"user":"ada"})");
  CHECK(get_with(client, "/basic-auth/ada/lace", "Authorization: Basic YWRhOndyb25n\r\n").status ==
        401);
}

TEST_CASE_FIXTURE(TargetFixture, "digest authentication answers the challenge") {
  RawClient client(port());
  const std::string path = "/digest-auth/ada/lace?q=1";
  const RawAnswer asked = client.get(path);
  CHECK(asked.status == 401);
  const std::string& challenge = asked.headers.at("www-authenticate");
  CHECK(get_with(client, path, digest_field(challenge, "ada:lace")).status == 200);
  CHECK(get_with(client, path, digest_field(challenge, "ada:wrong")).status == 401);
  // An answer to another path's challenge is none to this one's.
  CHECK(get_with(client, "/digest-auth/ada/wrong", digest_field(challenge, "ada:wrong")).status ==
        401);
  CHECK(get_with(client, path, "Authorization: Digest nonsense\r\n").status == 401);
}

}  // namespace perigee
