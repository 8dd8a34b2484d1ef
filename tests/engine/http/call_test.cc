// Requests with all that follows from them: redirections, digests, cookies, compressed bodies.
#include "engine/http/call.h"

#include <doctest/doctest.h>

#include "engine/base/limits.h"
#include "engine/http/content_coding.h"
#include "tests/engine/http/http_fixture.h"

namespace perigee::http {
namespace {

// Keeps what a call tells.
struct Told final : CallEvents {
  Told(CallContext& context, Loop& stopped) : call(context, *this), loop(stopped) {}

  void on_exchange(const Response& one, bool challenge) override {
    exchanges.push_back(std::to_string(one.status) + (challenge ? " challenge" : ""));
  }
  void on_redirected(const Url& from) override {
    redirections.push_back(from.target + " to " + call.method() + " " + call.url().target);
  }
  void on_call_end(Response& last) override {
    response = last;
    ++ends;
    loop.stop();
  }

  Call call;
  Loop& loop;
  std::vector<std::string> exchanges;
  std::vector<std::string> redirections;
  Response response;
  int ends = 0;
};

struct CallFixture : HttpFixture {
  // Runs the call to its end.
  void call(const Request& request, const CallRules& rules = {}) {
    told.call.start(client, pool, request, rules);
    run();
    CHECK(told.ends == 1);
  }

  CallContext context;
  Told told{context, loop};
};

TEST_CASE_FIXTURE(CallFixture, "a call without further ado is one exchange") {
  RawServer server({answers({answer("200 OK", "", "fine")})});
  call(request(server.url()));
  CHECK(told.response.body == "fine");
  CHECK(told.exchanges.empty());
  CHECK_FALSE(told.call.stopped());
}

TEST_CASE_FIXTURE(CallFixture, "redirections are followed, and each is told") {
  RawServer server({answers({answer("302 Found", "Location: /b\r\n"),
                             answer("307 Temporary Redirect", "Location: /c\r\n"),
                             answer("200 OK", "", "fine")})});
  Request post = request(server.url("/a"), "POST");
  post.body = "data";
  call(post);
  CHECK(told.exchanges == std::vector<std::string>{"302", "307"});
  CHECK(told.redirections == std::vector<std::string>{"/a to GET /b", "/b to GET /c"});
  CHECK(told.response.body == "fine");
  CHECK(told.call.url().target == "/c");
  CHECK(server.requests()[1].find("data") == std::string::npos);
}

TEST_CASE_FIXTURE(CallFixture, "past its limit a redirection is the answer") {
  RawServer server({answers(
      {answer("302 Found", "Location: /b\r\n"), answer("302 Found", "Location: /c\r\n")})});
  call(request(server.url("/a")), {.redirects = 1});
  CHECK(told.response.status == 302);
  CHECK(told.call.stopped());
  CHECK(told.exchanges.size() == 1);
}

TEST_CASE_FIXTURE(CallFixture, "cookies of an answer go along with the next request") {
  RawServer server(
      {answers({answer("302 Found", "Location: /b\r\nSet-Cookie: a=1\r\n"), answer("200 OK")})});
  CookieJar jar;
  const std::vector<RequestCookie> own{{.name = "b", .value = "2"}};
  call(request(server.url("/a")), {.cookies = own, .jar = &jar});
  CHECK(server.requests()[0].find("Cookie: b=2\r\n") != std::string::npos);
  CHECK(server.requests()[1].find("Cookie: b=2; a=1\r\n") != std::string::npos);
}

TEST_CASE_FIXTURE(CallFixture,
                  "a digest challenge is answered once, with credentials unsent before") {
  const std::string challenge = answer(
      "401 Unauthorized", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n");
  RawServer server({answers({challenge, challenge})});
  const std::string host = server.url("/").substr(7);
  call(request("http://me:secret@" + host), {.digest = true});
  CHECK(told.exchanges == std::vector<std::string>{"401 challenge"});
  CHECK(told.response.status == 401);
  REQUIRE(server.requests().size() == 2);
  CHECK(server.requests()[0].find("Authorization") == std::string::npos);
  CHECK(server.requests()[1].find("Authorization: Digest username=\"me\"") != std::string::npos);
}

TEST_CASE_FIXTURE(CallFixture,
                  "a stale nonce is answered anew with the next one, but not for ever") {
  const auto challenge = [](const std::string& nonce) {
    return answer("401 Unauthorized", "WWW-Authenticate: Digest realm=\"r\", nonce=\"" + nonce +
                                          "\", qop=\"auth\", stale=true\r\n");
  };
  std::vector<std::string> texts{challenge("n1"), challenge("n2"), challenge("n3")};
  SUBCASE("until it is taken") {
    texts.push_back(answer("200 OK", "", "fine"));
  }
  SUBCASE("a few times") {
    texts.resize(limits::kDigestChallenges + 1, challenge("n4"));
  }
  RawServer server({answers(texts)});
  const std::string host = server.url("/").substr(7);
  call(request("http://me:secret@" + host, "POST"), {.digest = true});
  const std::vector<std::string> requests = server.requests();
  REQUIRE(requests.size() == texts.size());
  CHECK(requests[1].find("nonce=\"n1\"") != std::string::npos);
  CHECK(requests[2].find("nonce=\"n2\"") != std::string::npos);
  CHECK(requests[3].find("nonce=\"n3\"") != std::string::npos);
  CHECK(told.exchanges.size() == texts.size() - 1);
  CHECK(told.response.status == (texts.size() == 4 ? 200 : 401));
}

TEST_CASE_FIXTURE(CallFixture, "lines of Content-Encoding are one list") {
  const std::vector<ContentCoding> codings = parse_content_codings("gzip, br, zstd");
  RawServer server({answers(
      {answer("200 OK", "Content-Encoding: gzip, br\r\nX-A: 1\r\ncontent-encoding: zstd\r\n",
              encode_body(codings, "fine"))})});
  call(request(server.url()));
  CHECK(told.response.body == "fine");
}

TEST_CASE_FIXTURE(CallFixture, "compressed bodies are unpacked unless nobody keeps them") {
  const std::vector<ContentCoding> codings = parse_content_codings("gzip, br");
  const std::string packed = encode_body(codings, "fine");
  RawServer server({answers({answer("200 OK", "Content-Encoding: gzip, br\r\n", packed)})});
  SUBCASE("kept") {
    call(request(server.url()));
    CHECK(told.response.body == "fine");
  }
  SUBCASE("not kept") {
    call(request(server.url()), {.keep_body = false});
    CHECK(told.response.body.empty());
    CHECK(told.response.body_size == packed.size());
  }
}

TEST_CASE_FIXTURE(CallFixture, "a body that can't be unpacked fails the call") {
  RawServer server({answers({answer("200 OK", "Content-Encoding: br\r\n", "no brotli")})});
  call(request(server.url()));
  CHECK(told.response.outcome.error.code == ErrorCode::kDecompression);
  CHECK(told.response.status == 0);
}

TEST_CASE_FIXTURE(CallFixture, "a call that is cancelled tells nothing more") {
  RawServer server({{RawServer::request(), RawServer::hang()}});
  told.call.start(client, pool, request(server.url()), {});
  REQUIRE(server.wait_for_connections(1));
  turn();
  told.call.cancel();
  turn();
  CHECK(told.ends == 0);
  CHECK(told.exchanges.empty());
}

}  // namespace
}  // namespace perigee::http
