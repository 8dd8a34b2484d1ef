#include "engine/http/url_reference.h"

#include <utility>

#include <doctest/doctest.h>

#include "tests/engine/http/url_fixture.h"

namespace perigee::http {
namespace {

std::string resolved(std::string_view reference, std::string_view base = "http://a/b/c/d;p?q") {
  std::string error;
  const auto url = resolve_reference(url_of(base), reference, error);
  return url ? url->text : "error: " + error;
}

// The cases of RFC 3986, 5.4, but for those that are no http URLs.
TEST_CASE("references are resolved as the standard's examples are") {
  const std::pair<const char*, const char*> cases[] = {
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q"},
      {"g#s", "http://a/b/c/g"},
      {";x", "http://a/b/c/;x"},
      {"g;x", "http://a/b/c/g;x"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {".g", "http://a/b/c/.g"},
      {"g..", "http://a/b/c/g.."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"https://x/y", "https://x/y"},
      {"http://x:81", "http://x:81"},
  };
  for (const auto& [reference, expected] : cases) {
    const std::string text(reference);
    CAPTURE(text);
    CHECK(resolved(reference) == expected);
  }
}

TEST_CASE("the scheme, the port and the host's brackets come from the base") {
  CHECK(resolved("/x", "https://h.test:8443/a") == "https://h.test:8443/x");
  CHECK(resolved("//g.test/x", "https://h.test/a") == "https://g.test/x");
  CHECK(resolved("x", "http://[::1]:9000") == "http://[::1]:9000/x");
}

TEST_CASE("what may not stand in a URL is encoded") {
  CHECK(resolved("/a b\xc3\xbc") == "http://a/a%20b%C3%BC");
}

TEST_CASE("credentials follow to the same host only") {
  std::string error;
  const Url base = url_of("http://me:secret@h.test/a");
  const auto relative = resolve_reference(base, "/b", error);
  REQUIRE(relative);
  CHECK(relative->credentials == "me:secret");
  CHECK(relative->text == "http://****:****@h.test/b");
  CHECK(resolve_reference(base, "http://h.test/b", error)->credentials.empty());
}

TEST_CASE("a reference that leads nowhere is an error") {
  CHECK(resolved("ftp://h.test/") == "error: the scheme must be http or https, not \"ftp\"");
  CHECK(resolved("mailto:me") == "error: it must start with http:// or https://");
  CHECK(resolved("//") == "error: the host is missing");
}

}  // namespace
}  // namespace perigee::http
