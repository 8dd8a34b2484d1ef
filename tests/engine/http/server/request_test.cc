#include "engine/http/server/request.h"

#include <doctest/doctest.h>

namespace perigee::http {
namespace {

ServerRequest request(std::string_view method, std::string_view target,
                      std::string_view fields = {}) {
  Http1Head head;
  head.method = method;
  head.target = target;
  head.fields = fields;
  ServerRequest result;
  result.assign(head, true);
  return result;
}

TEST_CASE("a target is split into path and query") {
  const ServerRequest echo = request("GET", "/echo?a=1&b=%2Fx&c");
  CHECK(echo.path() == "/echo");
  CHECK(echo.query() == "a=1&b=%2Fx&c");
  CHECK(echo.parameter("a") == "1");
  CHECK(echo.parameter("b") == "/x");
  CHECK(echo.parameter("c") == "");
  CHECK(echo.parameter("d") == "");
}

TEST_CASE("a target with scheme and host names the same path") {
  CHECK(request("GET", "http://example.org:80/bytes/5?x").path() == "/bytes/5");
  CHECK(request("GET", "http://example.org").path() == "/");
  CHECK(request("GET", "/echo?u=http://x/y").path() == "/echo");
}

TEST_CASE("a field is found whatever the case of its name") {
  const ServerRequest echo =
      request("GET", "/echo", "Host: a\r\nX-Two:  b c \r\nx-two: d\r\nEmpty:\r\n");
  CHECK(echo.field("host") == "a");
  CHECK(echo.field("x-two") == "b c");
  CHECK(echo.field("x-three") == "");
  CHECK(echo.has_field("EMPTY"));
  CHECK_FALSE(echo.has_field("x-three"));
}

TEST_CASE("all fields of a name are one list") {
  const ServerRequest echo =
      request("GET", "/echo", "X-Two: b, c\r\nOther: e\r\nx-two: d\r\nX-One: a\r\n");
  CHECK(echo.field_list("X-Two") == "b, c, d");
  CHECK(echo.field_list("x-one") == "a");
  CHECK(echo.field_list("none") == "");
}

TEST_CASE("escapes in a path are decoded, and what is none stays") {
  CHECK(percent_decode("iris%2d7%2F") == "iris-7/");
  CHECK(percent_decode("100%") == "100%");
  CHECK(percent_decode("%zz%4") == "%zz%4");
}

TEST_CASE("a request object serves one request after the other") {
  ServerRequest one = request("GET", "/bytes/5", "Host: a\r\n");
  one.body = "left over";
  Http1Head next;
  next.method = "HEAD";
  next.target = "/status/404";
  one.assign(next, false);
  CHECK(one.body == "");
  CHECK(one.head_only());
  CHECK(one.path() == "/status/404");
  CHECK_FALSE(one.can_upgrade());
  CHECK_FALSE(one.has_field("Host"));
}

}  // namespace
}  // namespace perigee::http
