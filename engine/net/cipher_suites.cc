#include "engine/net/cipher_suites.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/ssl.h>

#include "engine/base/config_error.h"
#include "engine/base/suggest.h"
#include "engine/net/ssl_pointer.h"

namespace perigee {
namespace {

constexpr std::string_view kChachaRsa = "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256";
constexpr std::string_view kChachaEcdsa = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256";

// Every suite of the library, old and weak ones too.
SslContextPtr all_suites() {
  SslContextPtr context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
  SSL_CTX_set_cipher_list(context.get(), "ALL:COMPLEMENTOFALL");
  return context;
}

bool is_called(const SSL_CIPHER& suite, std::string_view name) {
  return name == name_of(suite) || name == SSL_CIPHER_standard_name(&suite) ||
         name == SSL_CIPHER_get_name(&suite);
}

const SSL_CIPHER& find_suite(const STACK_OF(SSL_CIPHER) & suites, const std::string& name,
                             const std::string& where) {
  std::vector<std::string_view> known;
  for (int i = 0; i < sk_SSL_CIPHER_num(&suites); ++i) {
    const SSL_CIPHER& suite = *sk_SSL_CIPHER_value(&suites, i);
    if (is_called(suite, name)) return suite;
    known.emplace_back(name_of(suite));
  }
  throw ConfigError(fmt::format("{}: \"{}\" is no cipher suite that OpenSSL has{}", where, name,
                                did_you_mean(name, known)));
}

bool is_of_tls13(const SSL_CIPHER& suite) {
  return std::string_view(SSL_CIPHER_get_version(&suite)) == "TLSv1.3";
}

}  // namespace

const char* name_of(const ssl_cipher_st& suite) {
  const std::string_view name = SSL_CIPHER_standard_name(&suite);
  if (name == kChachaRsa) return "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305";
  if (name == kChachaEcdsa) return "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305";
  return name.data();
}

void allow_cipher_suites(ssl_ctx_st& context, const std::vector<std::string>& names,
                         const std::string& where) {
  const SslContextPtr all = all_suites();
  std::vector<std::string_view> tls13;
  std::vector<std::string_view> older;
  for (const std::string& name : names) {
    const SSL_CIPHER& suite = find_suite(*SSL_CTX_get_ciphers(all.get()), name, where);
    (is_of_tls13(suite) ? tls13 : older).emplace_back(SSL_CIPHER_get_name(&suite));
  }
  if (!tls13.empty()) {
    SSL_CTX_set_ciphersuites(&context, fmt::format("{}", fmt::join(tls13, ":")).c_str());
  }
  if (!older.empty()) {
    SSL_CTX_set_cipher_list(&context, fmt::format("{}", fmt::join(older, ":")).c_str());
  }
}

}  // namespace perigee
