#include "engine/http/url.h"

#include <doctest/doctest.h>

namespace perigee::http {
namespace {

Url parsed(std::string_view text) {
  std::string error;
  const auto url = parse_url(text, error);
  REQUIRE_MESSAGE(url, error);
  return *url;
}

std::string refusal(std::string_view text) {
  std::string error;
  CHECK_FALSE(parse_url(text, error));
  return error;
}

TEST_CASE("a URL is taken apart") {
  const Url url = parsed("http://example.org:8080/v2/models?ready=1#top");
  CHECK(url.text == "http://example.org:8080/v2/models?ready=1#top");
  CHECK_FALSE(url.tls);
  CHECK(url.host == "example.org");
  CHECK(url.port == 8080);
  CHECK(url.host_header == "example.org:8080");
  CHECK(url.target == "/v2/models?ready=1");
  CHECK(url.credentials.empty());
}

TEST_CASE("the default ports are known, and left out of the Host header") {
  CHECK(parsed("http://example.org/").port == 80);
  CHECK(parsed("https://example.org/").port == 443);
  CHECK(parsed("https://example.org/").tls);
  CHECK(parsed("http://example.org:80/").host_header == "example.org");
  CHECK(parsed("https://example.org:443/").host_header == "example.org");
  CHECK(parsed("https://example.org:80/").host_header == "example.org:80");
  CHECK(parsed("http://example.org:/").port == 80);
  CHECK(parsed("HTTP://example.org/").port == 80);
}

TEST_CASE("a URL without a path asks for the root") {
  CHECK(parsed("http://example.org").target == "/");
  CHECK(parsed("http://example.org?x=1").target == "/?x=1");
  CHECK(parsed("http://example.org#top").target == "/");
}

TEST_CASE("an IPv6 host stands in brackets") {
  const Url url = parsed("http://[::1]:9000/x");
  CHECK(url.host == "::1");
  CHECK(url.port == 9000);
  CHECK(url.host_header == "[::1]:9000");
  CHECK(parsed("http://[::1]/").host_header == "[::1]");
}

TEST_CASE("user and password are decoded for the request and hidden everywhere else") {
  const Url url = parsed("http://me:p%40ss:word@example.org/x");
  CHECK(url.credentials == "me:p@ss:word");
  CHECK(url.text == "http://****:****@example.org/x");
  CHECK(url.host_header == "example.org");
  CHECK(parsed("http://me@example.org/").text == "http://****@example.org/");
  CHECK(parsed("http://me@example.org/").credentials == "me");
}

TEST_CASE("an @ in the path is no password") {
  const Url url = parsed("http://example.org/a@b");
  CHECK(url.credentials.empty());
  CHECK(url.target == "/a@b");
}

TEST_CASE("bytes outside ASCII are percent-encoded in what is sent, and kept in the text") {
  const Url url = parsed("http://example.org/caf\xc3\xa9?q=\xc3\xbc");
  CHECK(url.target == "/caf%C3%A9?q=%C3%BC");
  CHECK(url.text == "http://example.org/caf\xc3\xa9?q=\xc3\xbc");
}

TEST_CASE("what may not stand in a path is encoded") {
  CHECK(parsed("http://h.test/a b").target == "/a%20b");
  CHECK(parsed("http://h.test/a b/").text == "http://h.test/a b/");
  CHECK(parsed("http://h.test/\"<>\\^`{|}").target == "/%22%3C%3E%5C%5E%60%7B%7C%7D");
  CHECK(parsed("http://h.test/a ").target == "/a%20");
}

TEST_CASE("what may not stand in a query is encoded") {
  CHECK(parsed("http://h.test/?a=b c&d=\"<>\"").target == "/?a=b%20c&d=%22%3C%3E%22");
  CHECK(parsed("http://h.test?q=up{job=\"x y\"}").target == "/?q=up{job=%22x%20y%22}");
}

TEST_CASE("what is encoded or may stand in a URL stays as it is") {
  for (const std::string target : {"/%2F%41%c3%a9%", "/-._~!$&'()*+,;=:@[]",
                                   "/?-._~!$&'()*+,;=:@[]/?{}|\\^`%20%", "//a//b", "/a/../b/./c"}) {
    CAPTURE(target);
    CHECK(parsed("http://h.test" + target).target == target);
  }
}

TEST_CASE("what is no URL is refused with the reason") {
  CHECK(refusal("") == "it must start with http:// or https://");
  CHECK(refusal("/v2/models") == "it must start with http:// or https://");
  CHECK(refusal("example.org/x") == "it must start with http:// or https://");
  CHECK(refusal("ftp://example.org/") == "the scheme must be http or https, not \"ftp\"");
  CHECK(refusal("http://") == "the host is missing");
  CHECK(refusal("http:///x") == "the host is missing");
  CHECK(refusal("http://:80/x") == "the host is missing");
  CHECK(refusal("http://me@/x") == "the host is missing");
  CHECK(refusal("http://exa mple.org/") == "the host name contains \" \"");
  CHECK(refusal("http://me:my word@example.org/") ==
        "a space in the user or password must be written %20");
  CHECK(refusal("http://example.org/a\r\nHost: x") == "it contains a control character");
  CHECK(refusal("http://exa{mple}/") == "the host name contains \"{\"");
  CHECK(refusal("http://a:b:1/") == "the host name contains \":\"");
  CHECK(refusal("http://b\xc3\xbc.org/") ==
        "a host name outside ASCII must be written in its xn-- form");
  CHECK(refusal("http://me:%zz@example.org/") ==
        "a \"%\" in the user or password must be followed by two hex digits");
}

TEST_CASE("a malformed port is refused") {
  const auto message = [](std::string_view port) {
    return "the port must be a number from 1 to 65535, not \"" + std::string(port) + "\"";
  };
  CHECK(refusal("http://example.org:0/") == message("0"));
  CHECK(refusal("http://example.org:65536/") == message("65536"));
  CHECK(refusal("http://example.org:80x/") == message("80x"));
  CHECK(refusal("http://example.org:-1/") == message("-1"));
}

TEST_CASE("malformed IPv6 hosts are refused") {
  CHECK(refusal("http://[::1/") == "a \"]\" is missing");
  CHECK(refusal("http://[::1]x/") == "only a port may follow the \"]\" of the host");
  CHECK(refusal("http://[example]/") == "\"example\" in brackets is not an IPv6 address");
  CHECK(refusal("http://[127.0.0.1]/") == "\"127.0.0.1\" in brackets is not an IPv6 address");
}

}  // namespace
}  // namespace perigee::http
