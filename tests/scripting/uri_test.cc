#include "scripting/uri.h"

#include <random>

#include <doctest/doctest.h>

namespace perigee {
namespace {

std::string resolved(const std::string& reference) {
  return join_uri(resolve_uri(split_uri("http://a/b/c/d;p?q"), split_uri(reference)));
}

}  // namespace

TEST_CASE("references are resolved as the examples of RFC 3986 say") {
  const std::pair<const char*, const char*> known[] = {
      {"g:h", "g:h"},
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"g#s", "http://a/b/c/g#s"},
      {"g?y#s", "http://a/b/c/g?y#s"},
      {";x", "http://a/b/c/;x"},
      {"g;x?y#s", "http://a/b/c/g;x?y#s"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"http:g", "http:g"},
  };
  for (const auto& [reference, target] : known) {
    const std::string text(reference);
    CAPTURE(text);
    CHECK(resolved(reference) == target);
  }
}

TEST_CASE("a path that is relative to a bare host begins at its root") {
  CHECK(join_uri(resolve_uri(split_uri("http://a"), split_uri("g"))) == "http://a/g");
}

TEST_CASE("a URI is split into its parts") {
  const Uri uri = split_uri("https://me:secret@[::1]:8443/a/b?x=1?y#top#2");
  CHECK(uri.scheme == "https");
  CHECK(uri.userinfo == "me:secret");
  CHECK(uri.host == "[::1]");
  CHECK(uri.port == "8443");
  CHECK(uri.path == "/a/b");
  CHECK(uri.query == "x=1?y");
  CHECK(uri.fragment == "top#2");
}

TEST_CASE("parts that are not there are told from empty ones") {
  const Uri bare = split_uri("a/b:c");
  CHECK_FALSE(bare.scheme.has_value());
  CHECK_FALSE(bare.host.has_value());
  CHECK_FALSE(bare.query.has_value());
  CHECK(bare.path == "a/b:c");
  const Uri empty = split_uri("file:///etc?#");
  CHECK(empty.host == "");
  CHECK_FALSE(empty.port.has_value());
  CHECK(empty.path == "/etc");
  CHECK(empty.query == "");
  CHECK(empty.fragment == "");
}

TEST_CASE("what is split and joined again is the same text") {
  std::mt19937_64 random(17);
  constexpr std::string_view kCharacters = "ab1:/?#@[].%&=";
  for (int i = 0; i < 5000; ++i) {
    std::string text;
    for (size_t n = random() % 16; n > 0; --n)
      text += kCharacters[random() % kCharacters.size()];
    CHECK(join_uri(split_uri(text)) == text);
  }
}

TEST_CASE("percent-encoding spares letters, digits and four marks") {
  CHECK(encode_percent("aZ09-_.~") == "aZ09-_.~");
  CHECK(encode_percent("a b/c?d=e&f+g%\xc3\xa4") == "a%20b%2Fc%3Fd%3De%26f%2Bg%25%C3%A4");
  CHECK(decode_percent("a%20b%2fc+d") == "a b/c+d");
  for (const char* text : {"%", "%2", "a%2", "%zz", "%%20"})
    CHECK_FALSE(decode_percent(text).has_value());
}

}  // namespace perigee
