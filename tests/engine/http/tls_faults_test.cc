// TLS that goes wrong: each failure has a number and words of its own.
#include <cstdint>

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include "tests/engine/http/tls_fixture.h"

namespace perigee::http {
namespace {

const RawServer::Script kAnswer{RawServer::request(), RawServer::send(ok("x")), RawServer::hang()};

TEST_CASE_FIXTURE(TlsFixture, "a certificate that nobody we trust has signed") {
  const TestAuthority other;
  RawServer server = serve(kAnswer, {.identity = other.issue()});
  CHECK(error_of(server.url()) == "1310 x509: unknown authority");
}

TEST_CASE_FIXTURE(TlsFixture, "a certificate that nobody but itself has signed") {
  RawServer server = serve(kAnswer, {.identity = authority.issue({.self_signed = true})});
  CHECK(error_of(server.url()) == "1310 x509: unknown authority");
}

TEST_CASE_FIXTURE(TlsFixture, "a certificate of another host") {
  RawServer server =
      serve(kAnswer, {.identity = authority.issue({.names = {"DNS:example.org", "IP:127.0.0.2"}})});
  CHECK(error_of(server.url()) == "1311 x509: certificate doesn't match hostname");
  CHECK(error_of("https://localhost:" + std::to_string(server.port()) + "/") ==
        "1311 x509: certificate doesn't match hostname");
}

TEST_CASE_FIXTURE(TlsFixture, "a certificate without names is nobody's") {
  RawServer server = serve(kAnswer, {.identity = authority.issue({.names = {}})});
  CHECK(error_of(server.url()) == "1311 x509: certificate doesn't match hostname");
}

TEST_CASE_FIXTURE(TlsFixture, "a certificate that has expired") {
  RawServer server = serve(
      kAnswer, {.identity = authority.issue({.valid_from_days = -3, .valid_until_days = -1})});
  CHECK(error_of(server.url())
            .starts_with("1300 x509: certificate has expired or is not yet valid: it was valid "
                         "until 2"));
}

TEST_CASE_FIXTURE(TlsFixture, "a certificate that is not valid yet") {
  RawServer server =
      serve(kAnswer, {.identity = authority.issue({.valid_from_days = 1, .valid_until_days = 3})});
  CHECK(error_of(server.url())
            .starts_with("1300 x509: certificate has expired or is not yet valid: it is valid "
                         "from 2"));
}

TEST_CASE_FIXTURE(TlsFixture, "a server that speaks no TLS") {
  RawServer server({{RawServer::send("HTTP/1.1 400 Bad Request\r\n\r\n"), RawServer::hang()}});
  CHECK(error_of(https(server)) == "1301 tls: first record does not look like a TLS handshake");
}

TEST_CASE_FIXTURE(TlsFixture, "a server that refuses the handshake") {
  const std::string alert("\x15\x03\x03\x00\x02\x02\x28", 7);
  RawServer server({{RawServer::send(alert), RawServer::hang()}});
  CHECK(error_of(https(server)) == "1300 remote error: tls: handshake failure");
}

TEST_CASE_FIXTURE(TlsFixture, "a server that speaks other versions only") {
  options.most = TlsVersion::kTls12;
  RawServer server = serve(kAnswer, {.version = TLS1_3_VERSION});
  CHECK(error_of(server.url()) == "1300 remote error: tls: protocol version");
}

TEST_CASE_FIXTURE(TlsFixture, "a server that hangs up in the middle of the handshake") {
  // With the client's greeting unread, closing would be a reset.
  RawServer server({{RawServer::send("\x16\x03\x03"), RawServer::half_close(), RawServer::hang()}});
  CHECK(error_of(https(server)) ==
        "1300 tls: the peer closed the connection in the middle of the handshake");
}

TEST_CASE_FIXTURE(TlsFixture, "a server that never answers the handshake") {
  timeout = std::chrono::milliseconds(50);
  RawServer server({{RawServer::hang()}});
  CHECK(error_of(https(server)) == "1050 request timeout");
}

TEST_CASE_FIXTURE(TlsFixture, "a server that demands a certificate, and gets none") {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    RawServer server =
        serve(kAnswer, {.client_authority = authority.certificate(), .version = version});
    const Error error = get(server.url()).outcome.error;
    CHECK(error.code == ErrorCode::kTls);
    CHECK_MESSAGE(error.text.starts_with("remote error: tls: "), error.text);
  }
}

TEST_CASE_FIXTURE(TlsFixture, "bytes that are no TLS in the middle of it") {
  RawServer server = serve(
      {RawServer::request(), RawServer::send_plain("HTTP/1.1 200 OK\r\n\r\n"), RawServer::hang()});
  const Error error = get(server.url()).outcome.error;
  CHECK(error.code != ErrorCode::kNone);
  CHECK_MESSAGE(error.text.starts_with("tls: "), error.text);
}

TEST_CASE_FIXTURE(TlsFixture, "a body without a length that ends without a goodbye is cut off") {
  RawServer server = serve(
      {RawServer::request(), RawServer::send("HTTP/1.1 200 OK\r\n\r\nhalf"), RawServer::hang_up()});
  CHECK(error_of(server.url()) == "1000 unexpected EOF");
}

TEST_CASE_FIXTURE(TlsFixture, "a reset in the middle") {
  RawServer server = serve({RawServer::request(), RawServer::reset()});
  CHECK(error_of(server.url()) == "1220 read: connection reset by peer");
}

TEST_CASE_FIXTURE(TlsFixture, "a server that wants to shake hands again gets its answer refused") {
  RawServer server = serve(
      {RawServer::request(), RawServer::renegotiate(), RawServer::send(ok("x")), RawServer::hang()},
      {.version = TLS1_2_VERSION});
  const Error error = get(server.url()).outcome.error;
  CHECK_MESSAGE(error.text == "", error.text);
}

}  // namespace
}  // namespace perigee::http
