#include "engine/http/set_cookie.h"

#include <doctest/doctest.h>

namespace perigee::http {
namespace {

using std::chrono::seconds;

int64_t date(std::string_view text) {
  const auto time = parse_cookie_date(text);
  REQUIRE_MESSAGE(time, text);
  return std::chrono::duration_cast<seconds>(time->time_since_epoch()).count();
}

TEST_CASE("a cookie is read with all that the server says of it") {
  const auto cookie = parse_set_cookie(
      "id=a3=x; Domain=.example.org; Path=/v2; Max-Age=60; Secure; HttpOnly; SameSite=Lax; "
      "Expires=Wed, 21 Oct 2015 07:28:00 GMT");
  REQUIRE(cookie);
  CHECK(cookie->name == "id");
  CHECK(cookie->value == "a3=x");
  CHECK(cookie->domain == ".example.org");
  CHECK(cookie->path == "/v2");
  CHECK(cookie->max_age == 60);
  CHECK(cookie->secure);
  CHECK(cookie->http_only);
  CHECK(cookie->expires == WallTime(seconds(1445412480)));
}

TEST_CASE("what a cookie does not say is empty") {
  const auto cookie = parse_set_cookie(" name = \"quoted value\" ");
  REQUIRE(cookie);
  CHECK(cookie->name == "name");
  CHECK(cookie->value == "quoted value");
  CHECK(cookie->domain.empty());
  CHECK(cookie->path.empty());
  CHECK_FALSE(cookie->max_age);
  CHECK_FALSE(cookie->expires);
  CHECK_FALSE(cookie->secure);
  CHECK_FALSE(cookie->http_only);
  CHECK(parse_set_cookie("empty=")->value.empty());
}

TEST_CASE("a header without a name is no cookie") {
  CHECK_FALSE(parse_set_cookie(""));
  CHECK_FALSE(parse_set_cookie("lonely"));
  CHECK_FALSE(parse_set_cookie("=value"));
  CHECK_FALSE(parse_set_cookie("; Path=/"));
}

TEST_CASE("attributes that make no sense are passed over") {
  const auto cookie = parse_set_cookie("a=1; Max-Age=soon; Expires=never; Colour=red;; Secure");
  REQUIRE(cookie);
  CHECK_FALSE(cookie->max_age);
  CHECK_FALSE(cookie->expires);
  CHECK(cookie->secure);
}

TEST_CASE("ages outside all measure are cut") {
  CHECK(parse_set_cookie("a=1; Max-Age=-5")->max_age == 0);
  CHECK(parse_set_cookie("a=1; Max-Age=99999999999999999999")->max_age == 3'162'240'000);
}

TEST_CASE("dates come in the forms of the last forty years") {
  CHECK(date("Wed, 21 Oct 2015 07:28:00 GMT") == 1445412480);
  CHECK(date("Wednesday, 21-Oct-15 07:28:00 GMT") == 1445412480);
  CHECK(date("Wed, 21-Oct-2015 07:28:00 GMT") == 1445412480);
  CHECK(date("Wed Oct 21 07:28:00 2015") == 1445412480);
  CHECK(date("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
  CHECK(date("Fri, 01 Jan 99 00:00:00 GMT") == 915148800);
}

TEST_CASE("what is no date is none") {
  for (const auto* text : {"", "tomorrow", "Wed, 21 Oct 2015", "31 Feb 2015 00:00:00",
                           "21 Oct 2015 25:00:00", "21 Oct 1500 00:00:00"}) {
    CHECK_MESSAGE(!parse_cookie_date(text), text);
  }
  CHECK(parse_cookie_date("Fri, 31 Dec 9999 23:59:59 GMT") == WallTime::max());
}

TEST_CASE("all cookies of an answer are read, in its order") {
  const auto cookies =
      read_set_cookies("Set-Cookie: b=1\r\nServer: x\r\nset-cookie: a=2; Path=/\r\n");
  REQUIRE(cookies.size() == 2);
  CHECK(cookies[0].name == "b");
  CHECK(cookies[1].path == "/");
}

}  // namespace
}  // namespace perigee::http
