// How the clients that a script names speak TLS: http.client{ tls = { ... } }.
#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include "tests/scripting/http_fixture.h"
#include "tests/support/test_authority.h"

namespace perigee {
namespace {

const std::string kOk = answer("200 OK", {}, "fine");

struct TlsServerOfTest {
  TestAuthority authority;
  RawServer server;

  explicit TlsServerOfTest(RawTlsOptions tls = {}, const TestSubject& subject = {})
      : server({answers({kOk, kOk})}, with_identity(std::move(tls), subject)) {}

  // What a client with this table of TLS settings gets: the TLS version and body, or the error.
  std::string get(const std::string& settings) {
    HttpScript script(
        server,
        "local res = client:get(url .. '/')\n"
        "error(res.error == '' and res.tls_version .. ' ' .. res.body or res.error, 0)",
        "local client = http.client{ tls = " + settings + " }");
    script.iterate();
    // Without the stack.
    return script.vu().error().substr(0, script.vu().error().find('\n'));
  }

  std::string trusted(const std::string& more = {}) const {
    return "{ tlsCACerts = { " + quoted(authority.certificate()) + " }, " + more + " }";
  }

  // A client certificate and its key as an entry of tlsAuth.
  std::string shown(const TestIdentity& identity, const std::string& more = {}) const {
    return "tlsAuth = { { cert = " + quoted(identity.certificate) +
           ", key = " + quoted(identity.key) + ", " + more + " } }";
  }

  static std::string quoted(const std::string& text) { return "[[" + text + "]]"; }

 private:
  RawTlsOptions with_identity(RawTlsOptions tls, const TestSubject& subject) const {
    tls.identity = authority.issue(subject);
    return tls;
  }
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The error of init code with this table of TLS settings.
std::string init_error(const std::string& settings) {
  try {
    const ScriptFixture script(http_script("", "http.client{ tls = " + settings + " }"));
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a client trusts authorities of its own, and other clients don't") {
  TlsServerOfTest https;
  CHECK(https.get(https.trusted()) == "tls1.3 fine");
  CHECK(contains(https.get("{}"), "x509: "));
  CHECK(https.get("{ insecureSkipTLSVerify = true }") == "tls1.3 fine");
}

TEST_CASE("a client speaks the versions and suites that it is told") {
  TlsServerOfTest https;
  CHECK(https.get(https.trusted("tlsVersion = 'tls1.2'")) == "tls1.2 fine");
  CHECK(https.get(https.trusted("tlsVersion = { max = 'tls1.2' }")) == "tls1.2 fine");
  TlsServerOfTest old({.version = TLS1_2_VERSION});
  CHECK(contains(old.get(old.trusted("tlsVersion = 'tls1.3'")), "tls"));
  CHECK(old.get(old.trusted("tlsCipherSuites = { 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256' }")) ==
        "tls1.2 fine");
}

TEST_CASE("a client shows its own certificate to the hosts that are meant") {
  const TestAuthority partner;
  TlsServerOfTest https({.client_authority = partner.certificate(), .version = TLS1_2_VERSION});
  const TestIdentity identity = partner.issue();
  CHECK(https.get(https.trusted(https.shown(identity))) == "tls1.2 fine");
  CHECK(contains(https.get(https.trusted()), "remote error: tls: "));
  CHECK(contains(https.get(https.trusted(https.shown(identity, "domains = { 'a.test' }"))),
                 "remote error: tls: "));
  CHECK(contains(https.get(https.trusted(https.shown(TestAuthority().issue()))),
                 "remote error: tls: "));
  const TestIdentity locked{identity.certificate, encrypted_key(identity.key, "secret")};
  CHECK(https.get(https.trusted(https.shown(locked, "password = 'secret'"))) == "tls1.2 fine");
}

TEST_CASE("a client's server name is told to the server and looked for in its certificate") {
  TlsServerOfTest https({}, {.names = {"DNS:partner.test"}});
  CHECK(contains(https.get(https.trusted()), "x509: "));
  CHECK(https.get(https.trusted("serverName = 'Partner.test'")) == "tls1.3 fine");
  CHECK(https.server.server_names().back() == "partner.test");
  CHECK(contains(https.get(https.trusted("serverName = 'other.test'")), "x509: "));
}

TEST_CASE("what a client's table of TLS lacks is as the options have it") {
  TlsServerOfTest https;
  ScriptFixture::Options options;
  options.tls.authorities = {{https.authority.certificate(), "test"}};
  HttpScript script(https.server, "assert(client:get(url .. '/').tls_version == 'tls1.2')",
                    "local client = http.client{ tls = { tlsVersion = 'tls1.2' } }", options);
  CHECK(script.iterate() == IterationResult::kCompleted);
}

TEST_CASE("settings of TLS that make no sense are refused while the script is loaded") {
  CHECK(contains(init_error("true"), "http.client: tls must be a table like"));
  CHECK(contains(init_error("{ print }"), "http.client: tls: "));
  CHECK(contains(init_error("{ tlsVersions = 'tls1.2' }"), "tlsVersion"));
  CHECK(contains(init_error("{ tlsVersion = 'ssl3' }"), "http.client: tls.tlsVersion"));
  CHECK(contains(init_error("{ tlsVersion = { min = 'tls1.3', max = 'tls1.2' } }"),
                 "tls1.3 is above max, which is tls1.2"));
  CHECK(contains(init_error("{ tlsCipherSuites = { 'NULL_AND_VOID' } }"),
                 "http.client: tls.tlsCipherSuites"));
  CHECK(contains(init_error("{ tlsCACerts = { '/nowhere/ca.pem' } }"),
                 "http.client: tls.tlsCACerts"));
  CHECK(
      contains(init_error("{ tlsAuth = { { cert = 'x' } } }"), "http.client: tls.tlsAuth[0].key"));
  CHECK(contains(init_error("{ serverName = 'https://a.test/' }"),
                 "http.client: tls.serverName: \"https://a.test/\" is no host"));
  const TestAuthority authority;
  CHECK(contains(init_error("{ tlsAuth = { { cert = [[" + authority.issue().certificate +
                            "]], key = [[" + authority.issue().key + "]] } } }"),
                 "the key does not fit the certificate"));
}

}  // namespace perigee
