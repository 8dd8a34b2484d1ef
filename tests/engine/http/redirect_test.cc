#include "engine/http/redirect.h"

#include <doctest/doctest.h>

#include "tests/engine/http/url_fixture.h"

namespace perigee::http {
namespace {

std::optional<Redirect> follow(int status, std::string_view location,
                               std::string_view method = "GET",
                               std::string_view from = "http://h.test/a",
                               std::string_view first = "http://h.test/a") {
  return redirect_after({.status = status, .location = location}, method, url_of(from),
                        url_of(first));
}

TEST_CASE("only redirections with a location lead on") {
  for (const int status : {301, 302, 303, 307, 308})
    CHECK(follow(status, "/b").has_value());
  for (const int status : {200, 201, 300, 304, 305, 306, 404})
    CHECK_FALSE(follow(status, "/b").has_value());
  for (const int status : {301, 307})
    CHECK_FALSE(follow(status, "").has_value());
}

TEST_CASE("301, 302 and 303 turn everything but HEAD into a GET without a body") {
  for (const int status : {301, 302, 303}) {
    for (const auto* method : {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
      CHECK(follow(status, "/b", method)->method == "GET");
      CHECK_FALSE(follow(status, "/b", method)->keeps_body);
    }
    CHECK(follow(status, "/b", "HEAD")->method == "HEAD");
  }
}

TEST_CASE("307 and 308 keep the method and the body") {
  for (const int status : {307, 308}) {
    CHECK(follow(status, "/b", "POST")->method == "POST");
    CHECK(follow(status, "/b", "DELETE")->method == "DELETE");
    CHECK(follow(status, "/b", "POST")->keeps_body);
  }
}

TEST_CASE("the location is relative to the page that named it") {
  CHECK(follow(302, "../c?x=1", "GET", "http://h.test/a/b/")->url->text == "http://h.test/a/c?x=1");
  CHECK(follow(302, "http://other.test/")->url->text == "http://other.test/");
}

TEST_CASE("secrets stay with the first host and the hosts below it") {
  CHECK(follow(302, "/b")->keeps_secrets);
  CHECK(follow(302, "http://H.test:8080/b")->keeps_secrets);
  CHECK(follow(302, "http://api.h.test/b")->keeps_secrets);
  CHECK_FALSE(follow(302, "http://other.test/b")->keeps_secrets);
  CHECK_FALSE(follow(302, "http://ah.test/b")->keeps_secrets);
  // What counts is the host that the script asked, not the last one.
  CHECK_FALSE(follow(302, "/c", "GET", "http://other.test/b")->keeps_secrets);
  CHECK(follow(302, "http://h.test/c", "GET", "http://other.test/b")->keeps_secrets);
}

TEST_CASE("a Host header of the script's own stays while the location names no host") {
  CHECK(follow(302, "/b")->keeps_host_header);
  CHECK_FALSE(follow(302, "http://h.test/b")->keeps_host_header);
  CHECK_FALSE(follow(302, "//h.test/b")->keeps_host_header);
}

TEST_CASE("the next page learns where the request came from, but no secret") {
  CHECK(follow(302, "/b")->referer == "http://h.test/a");
  CHECK(follow(302, "/b", "GET", "http://me:pw@h.test/a?x=1")->referer == "http://h.test/a?x=1");
  CHECK(follow(302, "http://h.test/b", "GET", "https://h.test/a")->referer.empty());
  CHECK(follow(302, "https://h.test/b")->referer == "http://h.test/a");
}

TEST_CASE("a location that is no URL is an error") {
  CHECK(follow(302, "ftp://x/")->error ==
        "failed to parse Location header \"ftp://x/\": the scheme must be http or https, not "
        "\"ftp\"");
}

TEST_CASE("headers that are secrets, or about the body, are known") {
  CHECK(is_secret_header("authorization"));
  CHECK(is_secret_header("Cookie"));
  CHECK_FALSE(is_secret_header("Accept"));
  CHECK(is_body_header("Content-Type"));
  CHECK_FALSE(is_body_header("Content"));
}

}  // namespace
}  // namespace perigee::http
