// Requests over TLS, as they should be.
#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include "tests/engine/http/tls_fixture.h"

namespace perigee::http {
namespace {

const RawServer::Script kTwoAnswers{RawServer::request(), RawServer::send(ok("one")),
                                    RawServer::request(), RawServer::send(ok("two")),
                                    RawServer::hang()};

TEST_CASE_FIXTURE(TlsFixture, "a request over TLS is answered, and its connection kept") {
  RawServer server = serve(kTwoAnswers);
  const Response first = get(server.url());
  CHECK(first.outcome.error.text.empty());
  CHECK(first.body == "one");
  CHECK(first.outcome.timings.connecting > Duration::zero());
  CHECK(first.outcome.timings.tls_handshaking > Duration::zero());
  CHECK(first.outcome.timings.blocked >=
        first.outcome.timings.connecting + first.outcome.timings.tls_handshaking);
  const Response second = get(server.url());
  CHECK(second.body == "two");
  CHECK(second.outcome.timings.tls_handshaking == Duration::zero());
  CHECK(std::string(second.outcome.tls.version) == "tls1.3");
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(TlsFixture, "both versions of TLS are spoken and told") {
  RawServer old = serve(kTwoAnswers, {.version = TLS1_2_VERSION});
  const TlsParameters tls12 = get(old.url()).outcome.tls;
  CHECK(std::string(tls12.version) == "tls1.2");
  CHECK(std::string(tls12.cipher_suite) == "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
  RawServer current = serve(kTwoAnswers, {.version = TLS1_3_VERSION});
  const TlsParameters tls13 = get(current.url()).outcome.tls;
  CHECK(std::string(tls13.version) == "tls1.3");
  CHECK(std::string(tls13.cipher_suite) == "TLS_AES_256_GCM_SHA384");
}

TEST_CASE_FIXTURE(TlsFixture, "bytes are counted as the wire saw them") {
  RawServer server = serve({RawServer::request(), RawServer::send(ok("hello")), RawServer::hang()});
  get(server.url());
  // The handshake and the records' heads are a lot more than the request and its answer.
  CHECK(traffic.sent > 400);
  CHECK(traffic.received > 800);
}

TEST_CASE_FIXTURE(TlsFixture, "a body of many records arrives whole, in both directions") {
  const std::string body = large_body();
  RawServer server = serve({RawServer::request(), RawServer::send(ok(body)), RawServer::hang()});
  Request upload = HttpFixture::request(server.url(), "POST");
  upload.body = body;
  const Response response = send(upload);
  CHECK(response.outcome.error.text.empty());
  CHECK(response.body_size == body.size());
  REQUIRE(server.requests().size() == 1);
  CHECK(server.requests()[0].ends_with(body));
}

TEST_CASE_FIXTURE(TlsFixture, "records that come one byte at a time are read") {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    RawServer server = serve(kTwoAnswers, {.version = version, .segment = 1});
    CHECK(get(server.url()).body == "one");
    CHECK(get(server.url()).body == "two");
  }
}

TEST_CASE_FIXTURE(TlsFixture, "the server's name goes along, and an address does not") {
  RawServer server = serve(kTwoAnswers);
  CHECK(get(server.url()).body == "one");
  const std::string port = std::to_string(server.port());
  CHECK(get("https://localhost:" + port + "/").body == "one");
  CHECK(get("https://LOCALHOST:" + port + "/").body == "one");
  CHECK(server.server_names() == std::vector<std::string>{"", "localhost", "localhost"});
}

TEST_CASE_FIXTURE(TlsFixture, "a connection that the server ends in order is replaced") {
  RawServer server = serve({RawServer::request(), RawServer::send(ok("x")), RawServer::end_tls()});
  CHECK(get(server.url()).body == "x");
  server.wait_for_closes(1);
  turn();
  CHECK(get(server.url()).body == "x");
  CHECK(server.connections() == 2);
}

TEST_CASE_FIXTURE(TlsFixture, "a body without a length ends with TLS") {
  RawServer server = serve(
      {RawServer::request(), RawServer::send("HTTP/1.1 200 OK\r\n\r\nall"), RawServer::end_tls()});
  const Response response = get(server.url());
  CHECK(response.outcome.error.text.empty());
  CHECK(response.body == "all");
}

TEST_CASE_FIXTURE(TlsFixture, "a client that is told not to looks at no certificate") {
  options = {.verify = false};
  RawServer server =
      serve(kTwoAnswers, {.identity = authority.issue({.names = {}, .self_signed = true})});
  CHECK(get(server.url()).body == "one");
}

TEST_CASE_FIXTURE(TlsFixture, "a certificate that is trusted by itself needs no authority") {
  const TestIdentity alone = authority.issue({.self_signed = true});
  options = {.authorities = {{alone.certificate, "test"}}};
  RawServer server = serve(kTwoAnswers, {.identity = alone});
  CHECK(get(server.url()).body == "one");
}

}  // namespace
}  // namespace perigee::http
