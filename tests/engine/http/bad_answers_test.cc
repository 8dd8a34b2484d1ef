#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/engine/http/http_fixture.h"

namespace perigee::http {
namespace {

struct BadAnswer : HttpFixture {
  // What comes of a GET that is answered by these steps.
  Response answered_by(RawServer::Script script) {
    script.insert(script.begin(), RawServer::request());
    RawServer server({script});
    Response response = get(server.url());
    CHECK(response.status == 0);
    CHECK(server.connections() == 1);
    return response;
  }

  void check_malformed(const std::string& bytes) {
    const Response response = answered_by({RawServer::send(bytes), RawServer::hang()});
    CHECK(response.outcome.error.code == ErrorCode::kGeneric);
    CHECK(response.outcome.error.text.starts_with("malformed HTTP response: "));
    CHECK(response.outcome.error.text.size() > 26);
  }
};

TEST_CASE_FIXTURE(BadAnswer, "what is not HTTP is named so") {
  SUBCASE("garbage") {
    check_malformed("this is not HTTP\r\n\r\n");
  }
  SUBCASE("a malformed status line") {
    check_malformed("HTTP/1.1 two hundred\r\n\r\n");
  }
  SUBCASE("a status below 100") {
    check_malformed("HTTP/1.1 42 X\r\nContent-Length: 0\r\n\r\n");
  }
  SUBCASE("a status above 999") {
    check_malformed("HTTP/1.1 1000 X\r\nContent-Length: 0\r\n\r\n");
  }
  SUBCASE("a malformed header") {
    check_malformed("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n");
  }
  SUBCASE("a malformed length") {
    check_malformed("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n");
  }
  SUBCASE("a malformed chunk") {
    check_malformed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n");
  }
}

TEST_CASE_FIXTURE(BadAnswer, "headers without end are an error") {
  const std::string header = "X-Filler: " + std::string(64 * 1024, 'x') + "\r\n";
  RawServer::Script script = {RawServer::send("HTTP/1.1 200 OK\r\n")};
  for (int i = 0; i < 5; ++i)
    script.push_back(RawServer::send(header));
  script.push_back(RawServer::hang());
  CHECK(answered_by(script).outcome.error.text ==
        "malformed HTTP response: the header block is too large");
}

TEST_CASE_FIXTURE(BadAnswer, "interim answers without end are an error") {
  std::string many;
  for (int i = 0; i < 100; ++i)
    many += "HTTP/1.1 100 Continue\r\n\r\n";
  CHECK(answered_by({RawServer::send(many), RawServer::hang()}).outcome.error.text ==
        "too many informational (1xx) responses");
}

TEST_CASE_FIXTURE(BadAnswer, "switching protocols is not supported") {
  const Response response = answered_by(
      {RawServer::send(
           "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"),
       RawServer::hang()});
  CHECK(response.outcome.error.text == "unsupported response status: 101 Switching Protocols");
  CHECK(response.outcome.error.code == ErrorCode::kGeneric);
}

TEST_CASE_FIXTURE(BadAnswer, "a body shorter than promised") {
  const Response response =
      answered_by({RawServer::send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")});
  CHECK(response.outcome.error.code == ErrorCode::kGeneric);
  CHECK(response.outcome.error.text == "unexpected EOF");
}

TEST_CASE_FIXTURE(BadAnswer, "a chunked body without its last chunk") {
  CHECK(answered_by({RawServer::send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                     "5\r\nhello\r\n")})
            .outcome.error.text == "unexpected EOF");
}

TEST_CASE_FIXTURE(BadAnswer, "half a head") {
  CHECK(answered_by({RawServer::send("HTTP/1.1 200 OK\r\nContent-")}).outcome.error.text ==
        "unexpected EOF");
}

TEST_CASE_FIXTURE(BadAnswer, "a server that only sends an interim answer") {
  CHECK(answered_by({RawServer::send("HTTP/1.1 100 Continue\r\n\r\n")}).outcome.error.text ==
        "unexpected EOF");
}

TEST_CASE_FIXTURE(BadAnswer, "no answer at all") {
  const Response response = answered_by({});
  CHECK(response.outcome.error.code == ErrorCode::kGeneric);
  CHECK(response.outcome.error.text == "EOF");
}

TEST_CASE_FIXTURE(BadAnswer, "a reset instead of an answer, and in the middle of one") {
  SUBCASE("instead") {
    const Response response = answered_by({RawServer::reset()});
    CHECK(response.outcome.error.code == ErrorCode::kReset);
    CHECK(response.outcome.error.text == "read: connection reset by peer");
  }
  SUBCASE("in the middle") {
    RawServer server({{RawServer::request(),
                       RawServer::send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"),
                       RawServer::gate(), RawServer::reset()}});
    Answer answer;
    answer.after_body = [&] { server.open_gate(); };
    answer.after_end = [&] { loop.stop(); };
    start(request(server.url()), answer);
    run();
    CHECK(answer.heads == 1);
    CHECK(answer.response.status == 0);
    CHECK(answer.response.outcome.error.code == ErrorCode::kReset);
  }
}

TEST_CASE_FIXTURE(BadAnswer, "a reset right behind a part of the answer is a reset, not an end") {
  const Response response = answered_by(
      {RawServer::send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"), RawServer::reset()});
  CHECK(response.outcome.error.code == ErrorCode::kReset);
}

TEST_CASE_FIXTURE(HttpFixture, "a body longer than promised ends where it was promised to") {
  RawServer server({{RawServer::request(),
                     RawServer::send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more"),
                     RawServer::hang()}});
  const Response response = get(server.url());
  CHECK(response.status == 200);
  CHECK(response.body == "hello");
  CHECK(server.wait_for_closes(1));
}

TEST_CASE_FIXTURE(HttpFixture, "nobody listens") {
  uint16_t port = 0;
  {
    const RawServer gone({{RawServer::hang_up()}});
    port = gone.port();
  }
  const Response response = get("http://127.0.0.1:" + std::to_string(port) + "/");
  CHECK(response.status == 0);
  CHECK(response.outcome.error.code == ErrorCode::kDialRefused);
  CHECK(response.outcome.error.text == "dial: connection refused");
  CHECK(response.outcome.remote.empty());
  CHECK(response.outcome.timings.blocked == Duration::zero());
  CHECK(response.outcome.timings.duration() == Duration::zero());
}

TEST_CASE_FIXTURE(HttpFixture, "a host that does not exist") {
  const Response response = get("http://" + std::string(70, 'a') + ".test/");
  CHECK(response.status == 0);
  CHECK(response.outcome.error.code == ErrorCode::kNoSuchHost);
  CHECK(response.outcome.error.text == "lookup: no such host");
}

TEST_CASE_FIXTURE(HttpFixture, "no descriptor is left") {
  const int next = dup(0);
  close(next);
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{.rlim_cur = static_cast<rlim_t>(next), .rlim_max = before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  const Response response = get("http://127.0.0.1:9/");
  setrlimit(RLIMIT_NOFILE, &before);
  CHECK(response.outcome.error.code == ErrorCode::kDialErrno);
  CHECK(response.outcome.error.text ==
        "dial: too many open files; raise the limit of this process with `ulimit -n`");
}

TEST_CASE_FIXTURE(HttpFixture,
                  "a header that would break the protocol is refused, and nothing is sent") {
  RawServer server({{RawServer::hang()}});
  Request bad = request(server.url());
  const std::vector<Header> headers = {{"X", "1\r\nY: 2"}};
  bad.headers = headers;
  const Response response = send(bad);
  CHECK(response.outcome.error.text == "the header \"X\" has a value that HTTP does not allow");
  CHECK(response.outcome.error.code == ErrorCode::kGeneric);
  CHECK(traffic.sent == 0);
}

}  // namespace
}  // namespace perigee::http
