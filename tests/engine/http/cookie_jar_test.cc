#include "engine/http/cookie_jar.h"

#include <doctest/doctest.h>

#include "engine/base/limits.h"
#include "tests/engine/http/url_fixture.h"

namespace perigee::http {
namespace {

constexpr WallTime kNow{std::chrono::seconds(1'700'000'000)};

struct JarFixture {
  CookieJar jar;

  bool set(std::string_view url, std::string_view cookie, WallTime at = kNow) {
    const auto parsed = parse_set_cookie(cookie);
    REQUIRE(parsed);
    return jar.set(url_of(url), *parsed, at);
  }
  // The Cookie header of a request.
  std::string sent(std::string_view url, WallTime at = kNow) const {
    std::string header;
    for (const auto& [name, value] : jar.cookies_for(url_of(url), at))
      append_cookie(header, name, value);
    return header;
  }
};

TEST_CASE_FIXTURE(JarFixture, "a cookie goes back to its host, and to no other") {
  CHECK(set("http://example.org/", "a=1"));
  CHECK(sent("http://example.org/x?y=1") == "a=1");
  CHECK(sent("http://EXAMPLE.org:8080/") == "a=1");
  CHECK(sent("http://www.example.org/") == "");
  CHECK(sent("http://example.com/") == "");
}

TEST_CASE_FIXTURE(JarFixture, "a domain reaches the hosts below it") {
  CHECK(set("http://www.example.org/", "a=1; Domain=example.org"));
  CHECK(set("http://www.example.org/", "b=2; Domain=.Example.org"));
  CHECK(sent("http://www.example.org/") == "a=1; b=2");
  CHECK(sent("http://example.org/") == "a=1; b=2");
  CHECK(sent("http://deep.api.example.org/") == "a=1; b=2");
  CHECK(sent("http://anexample.org/") == "");
}

TEST_CASE_FIXTURE(JarFixture, "nobody sets cookies for others or for everybody") {
  CHECK_FALSE(set("http://example.org/", "a=1; Domain=example.com"));
  CHECK_FALSE(set("http://example.org/", "a=1; Domain=www.example.org"));
  CHECK_FALSE(set("http://example.org/", "a=1; Domain=org"));
  CHECK_FALSE(set("http://example.org/", "a=1; Domain=example.org."));
  CHECK_FALSE(set("http://10.0.0.1/", "a=1; Domain=0.0.1"));
  CHECK(jar.empty());
}

TEST_CASE_FIXTURE(JarFixture, "a host of one label or an address may name itself") {
  CHECK(set("http://localhost/", "a=1; Domain=localhost"));
  CHECK(set("http://127.0.0.1/", "b=2; Domain=127.0.0.1"));
  CHECK(sent("http://localhost/") == "a=1");
  CHECK(sent("http://x.localhost/") == "");
  CHECK(sent("http://127.0.0.1:9000/") == "b=2");
}

TEST_CASE_FIXTURE(JarFixture, "a path reaches what lies below it") {
  set("http://h.test/", "a=1; Path=/v2");
  CHECK(sent("http://h.test/v2") == "a=1");
  CHECK(sent("http://h.test/v2/models") == "a=1");
  CHECK(sent("http://h.test/v2?x=1") == "a=1");
  CHECK(sent("http://h.test/v20") == "");
  CHECK(sent("http://h.test/") == "");
}

TEST_CASE_FIXTURE(JarFixture, "without a path it is the folder of the page that set it") {
  set("http://h.test/a/b/c?d=/e", "x=1");
  set("http://h.test/top", "y=2; Path=relative");
  CHECK(sent("http://h.test/a/b/z") == "x=1; y=2");
  CHECK(sent("http://h.test/a") == "y=2");
}

TEST_CASE_FIXTURE(JarFixture, "longer paths come first, then older cookies") {
  set("http://h.test/", "old=1; Path=/");
  set("http://h.test/", "new=2; Path=/");
  set("http://h.test/", "deep=3; Path=/a");
  set("http://h.test/", "old=4; Path=/");
  CHECK(sent("http://h.test/a") == "deep=3; old=4; new=2");
}

TEST_CASE_FIXTURE(JarFixture, "secure cookies stay away from plain connections") {
  set("https://h.test/", "a=1; Secure");
  CHECK(sent("http://h.test/") == "");
  CHECK(sent("https://h.test/") == "a=1");
}

TEST_CASE_FIXTURE(JarFixture, "secure cookies go to this machine itself over any connection") {
  for (const std::string host : {"localhost", "LOCALHOST", "app.localhost", "localhost.",
                                 "127.0.0.1", "127.1.2.3", "[::1]"}) {
    CAPTURE(host);
    set("https://" + host + "/", "a=1; Secure");
    CHECK(sent("http://" + host + ":8080/") == "a=1");
  }
  for (const std::string host : {"localhost.test", "mylocalhost", "10.0.0.1", "[::2]"}) {
    CAPTURE(host);
    set("https://" + host + "/", "a=1; Secure");
    CHECK(sent("http://" + host + "/") == "");
  }
}

TEST_CASE_FIXTURE(JarFixture, "cookies end when they expire") {
  set("http://h.test/", "a=1; Max-Age=60");
  set("http://h.test/", "b=2; Expires=Wed, 15 Nov 2023 00:00:00 GMT");
  CHECK(sent("http://h.test/") == "a=1; b=2");
  CHECK(sent("http://h.test/", kNow + std::chrono::seconds(59)) == "a=1; b=2");
  CHECK(sent("http://h.test/", kNow + std::chrono::seconds(60)) == "b=2");
  CHECK(sent("http://h.test/", kNow + std::chrono::hours(24)) == "");
}

TEST_CASE_FIXTURE(JarFixture, "a server takes a cookie back by letting it expire") {
  set("http://h.test/", "a=1");
  set("http://h.test/", "b=2");
  SUBCASE("with an age of zero, whatever the date says") {
    set("http://h.test/", "a=; Max-Age=0; Expires=Fri, 31 Dec 9999 23:59:59 GMT");
  }
  SUBCASE("with a date in the past") {
    set("http://h.test/", "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
  }
  CHECK(sent("http://h.test/") == "b=2");
}

TEST_CASE_FIXTURE(JarFixture, "cookies of a URL are removed together or one by one") {
  set("http://h.test/", "a=1");
  set("http://h.test/", "b=2");
  set("http://other.test/", "a=3");
  jar.erase(url_of("http://h.test/"), "a");
  CHECK(sent("http://h.test/") == "b=2");
  jar.clear(url_of("http://h.test/"));
  CHECK(sent("http://h.test/") == "");
  CHECK(sent("http://other.test/") == "a=3");
  jar.clear();
  CHECK(jar.empty());
}

TEST_CASE_FIXTURE(JarFixture, "an answer's cookies are taken together") {
  jar.update(url_of("http://h.test/"), "Set-Cookie: a=1\r\nX: y\r\nSet-Cookie: b=2\r\n", kNow);
  CHECK(sent("http://h.test/") == "a=1; b=2");
}

TEST_CASE_FIXTURE(JarFixture, "a jar is bounded: the oldest cookie goes") {
  for (size_t i = 0; i <= limits::kCookies; ++i)
    set("http://h.test/", "c" + std::to_string(i) + "=x");
  const auto all = jar.cookies_for(url_of("http://h.test/"), kNow);
  CHECK(all.size() == limits::kCookies);
  CHECK(all.front().name == "c1");
}

TEST_CASE("values with spaces or commas are sent in quotes") {
  std::string header;
  append_cookie(header, "a", "x");
  append_cookie(header, "b", "y z");
  append_cookie(header, "c", "1,2");
  CHECK(header == "a=x; b=\"y z\"; c=\"1,2\"");
}

}  // namespace
}  // namespace perigee::http
