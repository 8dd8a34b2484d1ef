#include "engine/http/request_cookies.h"

#include <doctest/doctest.h>

#include "tests/engine/http/url_fixture.h"

namespace perigee::http {
namespace {

constexpr WallTime kNow{std::chrono::seconds(1'700'000'000)};

struct CookiesFixture {
  RequestCookies cookies;
  CookieJar jar;
  Url url = url_of("http://h.test/");

  std::string sent() const { return cookies.header_for(url, &jar, kNow); }
  void respond(std::string_view fields) {
    jar.update(url, fields, kNow);
    cookies.supersede(fields);
  }
};

TEST_CASE_FIXTURE(CookiesFixture, "the header comes first, then cookies by name, then the jar's") {
  cookies.add({.name = "b", .value = "2"});
  cookies.add_header("a=1");
  cookies.add_header("c=3; d=4");
  respond("Set-Cookie: e=5\r\n");
  CHECK(sent() == "a=1; c=3; d=4; b=2; e=5");
  CHECK(cookies.header_for(url, nullptr, kNow) == "a=1; c=3; d=4; b=2");
}

TEST_CASE_FIXTURE(CookiesFixture, "a cookie that replaces leaves the jar's behind") {
  cookies.add({.name = "a", .value = "own", .replace = true});
  respond("Set-Cookie: a=jar\r\nSet-Cookie: b=jar\r\n");
  CHECK(sent() == "a=own; b=jar");
}

TEST_CASE_FIXTURE(CookiesFixture, "what a response sets stands in for the header's") {
  cookies.add_header("a=1;b=2 ; a=3; abc");
  respond("Set-Cookie: a=new\r\n");
  CHECK(sent() == "b=2; abc; a=new");
  respond("Set-Cookie: b=; Max-Age=0\r\nSet-Cookie: c=6\r\n");
  CHECK(sent() == "abc; a=new; c=6");
}

TEST_CASE_FIXTURE(CookiesFixture, "a header whose cookies stay as they are keeps its text") {
  cookies.add_header("a=1;b=2");
  respond("Set-Cookie: c=3\r\n");
  CHECK(cookies.header_for(url, nullptr, kNow) == "a=1;b=2");
}

}  // namespace
}  // namespace perigee::http
