#include "engine/net/tls_context.h"

#include <algorithm>
#include <new>
#include <utility>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "engine/base/config_error.h"
#include "engine/net/address.h"
#include "engine/net/cipher_suites.h"
#include "engine/net/key_log.h"
#include "engine/net/pem.h"
#include "engine/net/ssl_error.h"
#include "engine/net/tls_sessions.h"

namespace perigee {
namespace {

// Go's client demands no more of keys and signatures either; old versions need what is weaker.
int security_level(const TlsOptions& options) {
  return options.least < TlsVersion::kTls12 ? 0 : 1;
}

// "Example.org." is the same host as "example.org", which is how certificates name it.
std::string canonical(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  std::string name(host);
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return name;
}

void expect_host(ssl_st& ssl, const std::string& name) {
  X509_VERIFY_PARAM* rules = SSL_get0_param(&ssl);
  // As in Go, the names are those of the subjectAltName.
  X509_VERIFY_PARAM_set_hostflags(
      rules, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (Address::parse(name, 0)) {
    X509_VERIFY_PARAM_set1_ip_asc(rules, name.c_str());
  } else {
    X509_VERIFY_PARAM_set1_host(rules, name.c_str(), name.size());
    SSL_set_tlsext_host_name(&ssl, name.c_str());
  }
}

// The wire's form: each name after its length.
void offer_protocols(ssl_st& ssl, const std::vector<std::string_view>& protocols) {
  std::string wire;
  for (const std::string_view protocol : protocols) {
    wire += static_cast<char>(protocol.size());
    wire += protocol;
  }
  if (wire.empty()) return;
  SSL_set_alpn_protos(&ssl, reinterpret_cast<const unsigned char*>(wire.data()),
                      static_cast<unsigned>(wire.size()));
}

void trust(SSL_CTX& context, const TlsPem& authority) {
  X509_STORE* store = SSL_CTX_get_cert_store(&context);
  for (const X509Ptr& certificate : read_certificates(authority))
    X509_STORE_add_cert(store, certificate.get());
}

}  // namespace

const char* name_of(TlsVersion version) {
  switch (version) {
    case TlsVersion::kTls10:
      return "tls1.0";
    case TlsVersion::kTls11:
      return "tls1.1";
    case TlsVersion::kTls12:
      return "tls1.2";
    case TlsVersion::kTls13:
      return "tls1.3";
  }
  return "";
}

TlsContext::TlsContext(const TlsOptions& options)
    : context_(SSL_CTX_new(TLS_client_method())), server_name_(canonical(options.server_name)) {
  if (context_ == nullptr) throw std::bad_alloc();
  SSL_CTX* context = context_.get();
  // What an idle connection does not need is given back.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  resumes_sessions_ = options.resumes_sessions;
  if (resumes_sessions_) TlsSessions::enable(*context);
  set_versions(options);
  set_trust(options);
  for (const TlsClientCertificate& certificate : options.certificates)
    identities_.push_back(
        {certificate.domains,
         read_tls_identity(certificate.certificate, certificate.key, certificate.password)});
  if (options.key_log.empty()) return;
  key_log_ = std::make_unique<KeyLog>(options.key_log);
  SSL_CTX_set_app_data(context, key_log_.get());
  SSL_CTX_set_keylog_callback(context, [](const SSL* ssl, const char* line) {
    static_cast<const KeyLog*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)))->write(line);
  });
}

TlsContext::~TlsContext() = default;

void TlsContext::set_versions(const TlsOptions& options) {
  SSL_CTX* context = context_.get();
  SSL_CTX_set_security_level(context, security_level(options));
  SSL_CTX_set_min_proto_version(context, static_cast<int>(options.least));
  SSL_CTX_set_max_proto_version(context, static_cast<int>(options.most));
  if (options.cipher_suites.empty()) return;
  allow_cipher_suites(*context, options.cipher_suites, options.cipher_suites_where);
}

void TlsContext::set_trust(const TlsOptions& options) {
  SSL_CTX* context = context_.get();
  verifies_ = options.verify;
  if (!options.verify) return;
  SSL_CTX_set_default_verify_paths(context);
  ERR_clear_error();
  for (const TlsPem& authority : options.authorities)
    trust(*context, authority);
  // A certificate that is trusted by itself needs nobody above it.
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
}

bool TlsContext::Identity::serves(std::string_view host) const {
  return domains.empty() ||
         std::any_of(domains.begin(), domains.end(), [host](const std::string& domain) {
           return domain.starts_with("*.") ? host.ends_with(std::string_view(domain).substr(1))
                                           : host == domain;
         });
}

void TlsContext::present(ssl_st& ssl, std::string_view host) const {
  const auto identity = std::find_if(identities_.begin(), identities_.end(),
                                     [host](const Identity& one) { return one.serves(host); });
  if (identity == identities_.end()) return;
  const TlsIdentity& shown = identity->shown;
  SSL_use_certificate(&ssl, shown.certificate.get());
  SSL_use_PrivateKey(&ssl, shown.key.get());
  for (const X509Ptr& above : shown.chain)
    SSL_add1_chain_cert(&ssl, above.get());
}

SslPtr TlsContext::connection(const TlsServer& server) const {
  SslPtr ssl(SSL_new(context_.get()));
  if (ssl == nullptr) throw std::bad_alloc();
  SSL_set_connect_state(ssl.get());
  const std::string host = canonical(server.host);
  expect_host(*ssl, server_name_.empty() || server.proxy ? host : server_name_);
  offer_protocols(*ssl, server.protocols);
  present(*ssl, host);
  SSL_set_verify(ssl.get(), verifies_ ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (resumes_sessions_ && server.sessions != nullptr) {
    server.sessions->use(*ssl, host, server.port);
  }
  return ssl;
}

}  // namespace perigee
