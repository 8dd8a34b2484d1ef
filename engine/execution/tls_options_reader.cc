#include "engine/execution/tls_options_reader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/execution/name_reader.h"

namespace perigee {
namespace {

using nlohmann::json;

constexpr Names<TlsVersion, 4> kVersions{{{"tls1.0", TlsVersion::kTls10},
                                          {"tls1.1", TlsVersion::kTls11},
                                          {"tls1.2", TlsVersion::kTls12},
                                          {"tls1.3", TlsVersion::kTls13}}};

// One version, or a table with the least and the most of them.
void read_versions(const JsonReader& options, TlsOptions& tls) {
  if (!options.has("tlsVersion")) return;
  const json& value = options.at("tlsVersion");
  if (value.is_string()) {
    read_name(options, "tlsVersion", kVersions, tls.least);
    tls.most = tls.least;
    return;
  }
  const JsonReader range(value, options.path("tlsVersion"));
  constexpr std::array<std::string_view, 2> kKeys{"min", "max"};
  range.allow_only(kKeys);
  read_name(range, "max", kVersions, tls.most);
  tls.least = std::min(tls.least, tls.most);
  read_name(range, "min", kVersions, tls.least);
  if (tls.least > tls.most) {
    range.fail("min",
               fmt::format("{} is above max, which is {}", name_of(tls.least), name_of(tls.most)));
  }
}

std::vector<std::string> read_domains(const JsonReader& entry) {
  std::vector<std::string> domains;
  entry.read("domains", domains);
  for (std::string& domain : domains) {
    std::transform(domain.begin(), domain.end(), domain.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const bool wild = domain.find('*', domain.starts_with("*.") ? 1 : 0) != std::string::npos;
    if (domain.empty() || wild || domain.find('/') != std::string::npos) {
      entry.fail("domains", fmt::format("\"{}\" is no host: write \"example.org\", or "
                                        "\"*.example.org\" for all hosts below it",
                                        domain));
    }
  }
  return domains;
}

TlsPem read_pem(const JsonReader& entry, const char* key) {
  entry.require(key, "a PEM text, e.g. of open(\"client.pem\"), or the path of a PEM file");
  TlsPem pem{.text = {}, .where = entry.path(key)};
  entry.read(key, pem.text);
  return pem;
}

TlsClientCertificate read_certificate(const json& value, const std::string& where) {
  const JsonReader entry(value, where);
  constexpr std::array<std::string_view, 4> kKeys{"domains", "cert", "key", "password"};
  entry.allow_only(kKeys);
  TlsClientCertificate certificate{.domains = read_domains(entry),
                                   .certificate = read_pem(entry, "cert"),
                                   .key = read_pem(entry, "key")};
  entry.read("password", certificate.password);
  return certificate;
}

std::vector<TlsClientCertificate> read_certificates(const JsonReader& options) {
  std::vector<TlsClientCertificate> certificates;
  const json& list = options.at("tlsAuth");
  // An empty table is an empty list, too.
  if (!list.is_array() && !(list.is_object() && list.empty())) {
    options.fail("tlsAuth", "must be a list of tables with domains, cert and key");
  }
  for (const json& value : list) {
    const std::string where = fmt::format("{}[{}]", options.path("tlsAuth"), certificates.size());
    certificates.push_back(read_certificate(value, where));
  }
  return certificates;
}

std::vector<TlsPem> read_authorities(const JsonReader& options) {
  std::vector<std::string> texts;
  options.read("tlsCACerts", texts);
  std::vector<TlsPem> authorities;
  for (std::string& text : texts)
    authorities.push_back({std::move(text), options.path("tlsCACerts")});
  return authorities;
}

}  // namespace

TlsOptions read_tls_options(const JsonReader& options, TlsOptions tls) {
  bool skip_verify = !tls.verify;
  options.read("insecureSkipTLSVerify", skip_verify);
  tls.verify = !skip_verify;
  read_versions(options, tls);
  if (options.has("tlsCipherSuites")) {
    options.read("tlsCipherSuites", tls.cipher_suites);
    tls.cipher_suites_where = options.path("tlsCipherSuites");
  }
  if (options.has("tlsAuth")) tls.certificates = read_certificates(options);
  if (options.has("tlsCACerts")) tls.authorities = read_authorities(options);
  return tls;
}

TlsOptions read_client_tls(const JsonReader& settings, const TlsOptions& run) {
  constexpr std::array<std::string_view, 7> kKeys{"insecureSkipTLSVerify",
                                                  "tlsVersion",
                                                  "tlsCipherSuites",
                                                  "tlsAuth",
                                                  "tlsCACerts",
                                                  "serverName",
                                                  "resumeSessions"};
  settings.allow_only(kKeys);
  TlsOptions tls = read_tls_options(settings, run);
  settings.read("serverName", tls.server_name);
  settings.read("resumeSessions", tls.resumes_sessions);
  if (tls.server_name.find_first_of("/:*") != std::string::npos) {
    settings.fail("serverName", fmt::format("\"{}\" is no host: write a name without scheme and "
                                            "port, like \"example.org\"",
                                            tls.server_name));
  }
  return tls;
}

}  // namespace perigee
