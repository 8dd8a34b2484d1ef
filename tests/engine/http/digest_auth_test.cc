#include "engine/http/digest_auth.h"

#include <doctest/doctest.h>

namespace perigee::http {
namespace {

DigestChallenge challenge(std::string_view value) {
  const auto parsed = parse_digest_challenge(value);
  REQUIRE(parsed);
  return *parsed;
}

// The part of an Authorization header between `name=` and the next comma.
std::string part(const std::string& header, const std::string& name) {
  const size_t start = header.find(name + "=");
  REQUIRE(start != std::string::npos);
  return header.substr(start + name.size() + 1, header.find(',', start) - start - name.size() - 1);
}

// The example of RFC 2617, 3.5.
TEST_CASE("the standard's first example is answered as it says") {
  const DigestChallenge asked = challenge(
      R"(Digest realm="testrealm@host.com", qop="auth,auth-int", )"
      R"(nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41")");
  CHECK(digest_auth(asked, {.credentials = "Mufasa:Circle Of Life",
                            .method = "GET",
                            .target = "/dir/index.html",
                            .body = "",
                            .client_nonce = "0a4f113b"}) ==
        R"(Digest username="Mufasa", realm="testrealm@host.com", )"
        R"(nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", )"
        R"(response="6629fae49393a05397450978507c4ef1", )"
        R"(opaque="5ccc069c403ebaf9f0171e9517f40e41", cnonce="0a4f113b", qop=auth, nc=00000001)");
}

// The examples of RFC 7616, 3.9.1.
TEST_CASE("the standard's later examples are answered with MD5 and with SHA-256") {
  const std::string rest = R"(realm="http-auth@example.org", qop="auth, auth-int", )"
                           R"(nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", )"
                           R"(opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")";
  const DigestRequest request{.credentials = "Mufasa:Circle of Life",
                              .method = "GET",
                              .target = "/dir/index.html",
                              .body = "",
                              .client_nonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"};
  const std::string sha = digest_auth(challenge("Digest algorithm=SHA-256, " + rest), request);
  CHECK(part(sha, "response") ==
        "\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\"");
  CHECK(part(sha, "algorithm") == "SHA-256");
  const std::string md5 = digest_auth(challenge("Digest algorithm=MD5, " + rest), request);
  CHECK(part(md5, "response") == "\"8ca523f5e9506fed4657c9700eebdbec\"");
}

TEST_CASE("a challenge without qop is answered in the oldest way") {
  const std::string value =
      digest_auth(challenge(R"(Digest realm="r", nonce="n")"),
                  {.credentials = "u:p", .method = "GET", .target = "/", .client_nonce = "c"});
  // md5(md5("u:r:p") ":n:" md5("GET:/"))
  CHECK(value == R"(Digest username="u", realm="r", nonce="n", uri="/", )"
                 R"(response="f23121ca97143c6b358da620220c83b4")");
}

TEST_CASE("sessions, the body's protection and the count of the nonce enter the answer") {
  const DigestRequest request{.credentials = "u:p",
                              .method = "POST",
                              .target = "/",
                              .body = "b",
                              .client_nonce = "c",
                              .count = 10};
  // md5(md5(md5("u:r:p") ":n:c") ":n:0000000a:c:auth-int:" md5("POST:/:" md5("b")))
  const std::string value = digest_auth(
      challenge(R"(Digest realm="r", nonce="n", algorithm=MD5-sess, qop="auth-int")"), request);
  CHECK(part(value, "response") == "\"967ad470fade6ea29b34844008ca937f\"");
  CHECK(part(value, "nc") == "0000000a");
  CHECK(part(value, "qop") == "auth-int");
}

TEST_CASE("the first challenge that can be answered is taken") {
  const auto found = find_digest_challenge(
      "WWW-Authenticate: Basic realm=\"b\"\r\n"
      "WWW-Authenticate: Digest realm=\"new\", nonce=\"1\", algorithm=SHA3-512, "
      "Digest realm=\"old\", nonce=2 , stale=TRUE\r\n");
  REQUIRE(found);
  CHECK(found->realm == "old");
  CHECK(found->nonce == "2");
  CHECK(found->stale);
  const auto behind = parse_digest_challenge("Negotiate, Basic realm=\"x\", Digest nonce=\"3\"");
  REQUIRE(behind);
  CHECK(behind->nonce == "3");
}

TEST_CASE("what can't be answered is no challenge") {
  CHECK_FALSE(find_digest_challenge("Server: x\r\n"));
  for (const auto* value : {"", "Basic realm=\"x\"", "Digest", "Digest realm=\"x\"",
                            "Digest nonce=\"1\", algorithm=SHA-1",
                            "Digest nonce=\"1\", qop=\"other\"", "Digest nonce=\"", "=,=\"\\"}) {
    CHECK_MESSAGE(!parse_digest_challenge(value), value);
  }
}

TEST_CASE("quotes in names are escaped, and unescaped in challenges") {
  const DigestChallenge asked = challenge(R"(Digest realm="a\"b", nonce="n")");
  CHECK(asked.realm == "a\"b");
  const std::string value = digest_auth(
      asked, {.credentials = "u\"v", .method = "GET", .target = "/", .client_nonce = "c"});
  CHECK(part(value, "username") == R"("u\"v")");
  CHECK(part(value, "realm") == R"("a\"b")");
}

}  // namespace
}  // namespace perigee::http
