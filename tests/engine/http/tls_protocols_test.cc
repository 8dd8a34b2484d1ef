// Which version of HTTP TLS agrees on, and what becomes of it if it does not.
#include <doctest/doctest.h>

#include "tests/engine/http/tls_fixture.h"

namespace perigee::http {
namespace {

const RawServer::Script kAnswer{RawServer::request(), RawServer::send(ok("one")),
                                RawServer::hang()};
const std::string kNotAgreed = "1300 http2: the server does not offer HTTP/2 over TLS (ALPN)";
const std::string kRefused = "1300 remote error: tls: no application protocol";

TEST_CASE_FIXTURE(TlsFixture, "HTTP/1.1 is spoken if the server chooses it, or nothing") {
  for (const std::string protocols : {"http/1.1", ""}) {
    RawServer server = serve(kAnswer, {.protocols = protocols});
    const Response response = get(server.url());
    CHECK(response.outcome.error.text.empty());
    CHECK(response.version == HttpVersion::kHttp11);
    CHECK(response.body == "one");
  }
}

TEST_CASE_FIXTURE(TlsFixture,
                  "a client of HTTP/2 only does without a server that chooses no HTTP/2") {
  versions = HttpVersions::kHttp2;
  RawServer silent = serve(kAnswer);
  CHECK(error_of(silent.url()) == kNotAgreed);
  CHECK(silent.wait_for_closes(1));
  CHECK(silent.requests().empty());
}

TEST_CASE_FIXTURE(TlsFixture, "a server that refuses what is offered is told apart") {
  RawServer other = serve(kAnswer, {.protocols = "spdy/1"});
  CHECK(error_of(other.url()) == kRefused);
  CHECK(other.requests().empty());
}

TEST_CASE_FIXTURE(TlsFixture, "a client of HTTP/2 only offers nothing else") {
  versions = HttpVersions::kHttp2;
  RawServer old = serve(kAnswer, {.protocols = "http/1.1"});
  CHECK(error_of(old.url()) == kRefused);
}

TEST_CASE_FIXTURE(TlsFixture, "a client of HTTP/1.1 is not offered to a server of HTTP/2 only") {
  versions = HttpVersions::kHttp1;
  RawServer server = serve(kAnswer, {.protocols = "h2"});
  const Response response = get(server.url());
  // It has not asked for anything, so there is nothing to refuse.
  CHECK(response.outcome.error.text.empty());
  CHECK(response.version == HttpVersion::kHttp11);
}

}  // namespace
}  // namespace perigee::http
