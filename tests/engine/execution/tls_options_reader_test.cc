#include "engine/execution/tls_options_reader.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

using nlohmann::json;

TlsOptions read(const char* text) {
  const json options = json::parse(text);
  return read_tls_options(JsonReader(options, "options"));
}

std::string error_of(const char* text) {
  try {
    read(text);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "(no error)";
}

TEST_CASE("without options, TLS 1.2 and 1.3 are spoken and servers verified") {
  const TlsOptions tls = read("{}");
  CHECK(tls.least == TlsVersion::kTls12);
  CHECK(tls.most == TlsVersion::kTls13);
  CHECK(tls.verify);
  CHECK(tls.certificates.empty());
}

TEST_CASE("a client's table replaces what it has of the run's options, and no more") {
  const TlsOptions run = read(R"({"insecureSkipTLSVerify": true, "tlsVersion": "tls1.3"})");
  const json table = json::parse(R"({"tlsVersion": {"max": "tls1.2"}, "serverName": "a.test",
                                 "resumeSessions": true})");
  const TlsOptions tls = read_client_tls(JsonReader(table, "tls"), run);
  CHECK_FALSE(tls.verify);
  CHECK(tls.least == TlsVersion::kTls12);
  CHECK(tls.most == TlsVersion::kTls12);
  CHECK(tls.server_name == "a.test");
  CHECK(tls.resumes_sessions);
}

TEST_CASE("tlsVersion is one version, or a range") {
  CHECK(read(R"({"tlsVersion": "tls1.2"})").least == TlsVersion::kTls12);
  CHECK(read(R"({"tlsVersion": "tls1.2"})").most == TlsVersion::kTls12);
  CHECK(read(R"({"tlsVersion": {"min": "tls1.0"}})").least == TlsVersion::kTls10);
  CHECK(read(R"({"tlsVersion": {"min": "tls1.0"}})").most == TlsVersion::kTls13);
  CHECK(read(R"({"tlsVersion": {"max": "tls1.1"}})").least == TlsVersion::kTls11);
  CHECK(read(R"({"tlsVersion": {"min": "tls1.0", "max": "tls1.1"}})").most == TlsVersion::kTls11);
}

TEST_CASE("a client certificate has domains, a certificate, a key and perhaps a password") {
  const TlsOptions tls = read(R"({"tlsAuth": [
      {"domains": ["Example.org", "*.example.org"], "cert": "c.pem", "key": "k.pem"},
      {"cert": "c2.pem", "key": "k2.pem", "password": "secret"}]})");
  REQUIRE(tls.certificates.size() == 2);
  CHECK(tls.certificates[0].domains == std::vector<std::string>{"example.org", "*.example.org"});
  CHECK(tls.certificates[0].certificate.text == "c.pem");
  CHECK(tls.certificates[0].certificate.where == "options.tlsAuth[0].cert");
  CHECK(tls.certificates[1].domains.empty());
  CHECK(tls.certificates[1].key.where == "options.tlsAuth[1].key");
  CHECK(tls.certificates[1].password == "secret");
}

TEST_CASE("the other options of TLS") {
  CHECK_FALSE(read(R"({"insecureSkipTLSVerify": true})").verify);
  CHECK(read(R"({"tlsCACerts": ["ca.pem"]})").authorities.at(0).text == "ca.pem");
  CHECK(read(R"({"tlsCipherSuites": ["TLS_AES_128_GCM_SHA256"]})").cipher_suites.size() == 1);
}

struct BadTls {
  const char* options;
  const char* error;
};

const BadTls kBad[] = {
    {R"({"tlsVersion": "tls1.4"})",
     R"(options.tlsVersion: "tls1.4" is none of tls1.0, tls1.1, tls1.2, tls1.3)"},
    {R"({"tlsVersion": "ssl3.0"})",
     R"(options.tlsVersion: "ssl3.0" is none of tls1.0, tls1.1, tls1.2, tls1.3)"},
    {R"({"tlsVersion": 1.2})", "options.tlsVersion: must be a table of named values, got 1.2"},
    {R"({"tlsVersion": {"least": "tls1.2"}})", R"(options.tlsVersion: unknown key "least")"},
    {R"({"tlsVersion": {"min": "tls1.3", "max": "tls1.2"}})",
     "options.tlsVersion.min: tls1.3 is above max, which is tls1.2"},
    {R"({"tlsAuth": "client.pem"})",
     "options.tlsAuth: must be a list of tables with domains, cert and key"},
    {R"({"tlsAuth": [{"cert": "c.pem"}]})",
     R"(options.tlsAuth[0].key: is missing: a PEM text, e.g. of open("client.pem"), or the path of )"
     "a PEM file"},
    {R"({"tlsAuth": [{"certs": "c.pem"}]})",
     R"(options.tlsAuth[0]: unknown key "certs" (did you mean "cert"?))"},
    {R"({"tlsAuth": [{"domains": ["a*.org"], "cert": "c", "key": "k"}]})",
     R"(options.tlsAuth[0].domains: "a*.org" is no host: write "example.org", or "*.example.org" )"
     "for all hosts below it"},
};

TEST_CASE("what makes no sense is refused by its name") {
  for (const BadTls& bad : kBad) {
    CAPTURE(bad.options);
    CHECK_MESSAGE(error_of(bad.options).starts_with(bad.error), error_of(bad.options));
  }
}

}  // namespace
}  // namespace perigee
