#include "engine/http/errors.h"

#include <cerrno>

#include <doctest/doctest.h>

namespace perigee::http {
namespace {

TEST_CASE("failures to connect have the numbers and texts people know") {
  CHECK(dial_error(ECONNREFUSED).code == ErrorCode::kDialRefused);
  CHECK(dial_error(ECONNREFUSED).text == "dial: connection refused");
  CHECK(dial_error(ETIMEDOUT).code == ErrorCode::kDialTimeout);
  CHECK(dial_timeout().text == "dial: i/o timeout");
  CHECK(static_cast<int>(dial_timeout().code) == 1211);
  CHECK(dial_error(ENETUNREACH).code == ErrorCode::kDialErrno);
  CHECK(dial_error(ENETUNREACH).text == "dial: network is unreachable");
}

TEST_CASE("limits of this machine come with what to do about them") {
  CHECK(dial_error(EMFILE).text ==
        "dial: too many open files; raise the limit of this process with `ulimit -n`");
  CHECK(dial_error(ENFILE).text ==
        "dial: too many open files in the system; raise fs.file-max with `sysctl` (and "
        "`ulimit -n`)");
  CHECK(dial_error(EADDRNOTAVAIL).text ==
        "dial: no local port is left; widen net.ipv4.ip_local_port_range with `sysctl`, or keep "
        "connections alive");
  CHECK(static_cast<int>(dial_error(EMFILE).code) == 1213);
}

TEST_CASE("failures of an open connection") {
  CHECK(stream_error(ECONNRESET).text == "read: connection reset by peer");
  CHECK(static_cast<int>(stream_error(ECONNRESET).code) == 1220);
  CHECK(stream_error(EPIPE).text == "write: broken pipe");
  CHECK(static_cast<int>(stream_error(EPIPE).code) == 1201);
  CHECK(stream_error(ETIMEDOUT).text == "read: connection timed out");
  CHECK(stream_error(EIO).text == "read: input/output error");
  CHECK(static_cast<int>(stream_error(EIO).code) == 1202);
}

TEST_CASE("failures to find a host") {
  const Error unknown = lookup_error({.addresses = {}, .error = "no such host", .not_found = true});
  CHECK(unknown.text == "lookup: no such host");
  CHECK(static_cast<int>(unknown.code) == 1101);
  const Error broken = lookup_error({.addresses = {}, .error = "temporary failure"});
  CHECK(broken.text == "lookup: temporary failure");
  CHECK(static_cast<int>(broken.code) == 1100);
}

TEST_CASE("answers that end too early, too late or not as HTTP") {
  CHECK(cut_off(false).text == "EOF");
  CHECK(cut_off(true).text == "unexpected EOF");
  CHECK(request_timeout().text == "request timeout");
  CHECK(static_cast<int>(request_timeout().code) == 1050);
  CHECK(malformed_response("Invalid status code").text ==
        "malformed HTTP response: Invalid status code");
  CHECK(static_cast<int>(malformed_response("x").code) == 1000);
}

}  // namespace
}  // namespace perigee::http
