#include "engine/net/tls_context.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>

#include <doctest/doctest.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include "engine/base/config_error.h"
#include "tests/support/test_authority.h"

namespace perigee {
namespace {

// A file that is gone after the test.
struct TestFile {
  explicit TestFile(const std::string& content)
      : path(std::filesystem::temp_directory_path() /
             ("tls_context_test." + std::to_string(getpid()) + ".pem")) {
    std::ofstream(path) << content;
  }
  ~TestFile() { std::filesystem::remove(path); }
  TestFile(const TestFile&) = delete;
  TestFile& operator=(const TestFile&) = delete;

  std::filesystem::path path;
};

std::string error_of(const TlsOptions& options) {
  try {
    const TlsContext context(options);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "(no error)";
}

std::string authority_error(const std::string& text) {
  return error_of({.authorities = {{text, "options.tlsCACerts"}}});
}

TlsOptions with_certificate(const TestIdentity& identity, const std::string& password = {}) {
  return {.certificates = {{.certificate = {identity.certificate, "auth.cert"},
                            .key = {identity.key, "auth.key"},
                            .password = password}}};
}

TEST_CASE("certificates and keys are PEM texts, or the paths of files") {
  const TestAuthority authority;
  CHECK(authority_error(authority.certificate()) == "(no error)");
  const TestFile file(authority.certificate());
  CHECK(authority_error(file.path) == "(no error)");
}

TEST_CASE("an authority that can't be had is named, with what to do") {
  CHECK(authority_error("/nowhere/ca.pem") ==
        "options.tlsCACerts: /nowhere/ca.pem: can't read the file: No such file or directory");
  CHECK(authority_error("/") == "options.tlsCACerts: /: can't read the file: Is a directory");
  CHECK(
      authority_error("") ==
      "options.tlsCACerts: is neither a PEM text (\"-----BEGIN ...\") nor the path of a PEM file");
  const TestFile file("not a certificate");
  CHECK(authority_error(file.path) ==
        "options.tlsCACerts: " + file.path.string() +
            ": is no PEM file (there is no \"-----BEGIN\" in it); convert a DER file with `openssl "
            "x509 -inform der` or `openssl pkey -inform der`");
  CHECK(authority_error(TestAuthority().issue().key) ==
        "options.tlsCACerts: there is no certificate in it");
}

TEST_CASE("a broken certificate is told from a missing one") {
  std::string pem = TestAuthority().certificate();
  pem.replace(60, 8, "AAAAAAAA");
  CHECK(authority_error(pem).starts_with("options.tlsCACerts: a certificate in it is broken: "));
}

TEST_CASE("a key that does not fit its certificate") {
  const TestAuthority authority;
  TestIdentity identity = authority.issue();
  CHECK(error_of(with_certificate(identity)) == "(no error)");
  identity.key = authority.issue().key;
  CHECK(error_of(with_certificate(identity)) ==
        "auth.key: the key does not fit the certificate (auth.cert)");
  identity.key = identity.certificate;
  CHECK(error_of(with_certificate(identity)) == "auth.key: there is no private key in it");
}

TEST_CASE("an encrypted key needs its password") {
  TestIdentity identity = TestAuthority().issue();
  identity.key = encrypted_key(identity.key, "secret");
  CHECK(error_of(with_certificate(identity, "secret")) == "(no error)");
  CHECK(error_of(with_certificate(identity)) ==
        "auth.key: the key is encrypted; give its password");
  CHECK(error_of(with_certificate(identity, "wrong"))
            .starts_with("auth.key: the key can't be decrypted: is the password right? ("));
}

TEST_CASE("cipher suites have k6's, IANA's and OpenSSL's names") {
  CHECK(error_of({.cipher_suites = {"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
                                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                                    "ECDHE-RSA-CHACHA20-POLY1305", "TLS_AES_128_GCM_SHA256"}}) ==
        "(no error)");
  CHECK(error_of({.cipher_suites = {"TLS_AES_128_GCM_SHA265"},
                  .cipher_suites_where = "options.tlsCipherSuites"}) ==
        "options.tlsCipherSuites: \"TLS_AES_128_GCM_SHA265\" is no cipher suite that OpenSSL has "
        "(did you mean \"TLS_AES_128_GCM_SHA256\"?)");
}

TEST_CASE("a client certificate is for the hosts of its domains") {
  const TestIdentity identity = TestAuthority().issue();
  TlsOptions options = with_certificate(identity);
  options.certificates[0].domains = {"example.org", "*.shop.org"};
  const TlsContext context(options);
  const auto presents = [&](const char* host) {
    return SSL_get_certificate(context.connection({.host = host}).get()) != nullptr;
  };
  CHECK(presents("example.org"));
  CHECK(presents("Example.ORG."));
  CHECK_FALSE(presents("www.example.org"));
  CHECK(presents("a.shop.org"));
  CHECK(presents("a.b.shop.org"));
  CHECK_FALSE(presents("shop.org"));
  CHECK_FALSE(presents("127.0.0.1"));
}

TEST_CASE("a key log that can't be written ends the start") {
  CHECK(error_of({.key_log = "/nowhere/keys"}) ==
        "SSLKEYLOGFILE: can't write /nowhere/keys: No such file or directory");
}

}  // namespace
}  // namespace perigee
