#include "engine/net/tls_server_context.h"

#include <new>

#include <openssl/ssl.h>

#include "engine/net/tls_identity.h"

namespace perigee {
namespace {

void present(SSL_CTX& context, const TlsIdentity& identity) {
  SSL_CTX_use_certificate(&context, identity.certificate.get());
  SSL_CTX_use_PrivateKey(&context, identity.key.get());
  for (const X509Ptr& above : identity.chain)
    SSL_CTX_add1_chain_cert(&context, above.get());
}

}  // namespace

TlsServerContext::TlsServerContext(const TlsServerOptions& options)
    : context_(SSL_CTX_new(TLS_server_method())), protocols_(options.protocols) {
  if (context_ == nullptr) throw std::bad_alloc();
  SSL_CTX* context = context_.get();
  // What an idle connection does not need is given back.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_min_proto_version(context, static_cast<int>(TlsVersion::kTls12));
  present(*context, read_tls_identity(options.certificate, options.key, {}));
  if (!protocols_.empty()) SSL_CTX_set_alpn_select_cb(context, choose_protocol, this);
}

SslPtr TlsServerContext::connection() const {
  SslPtr ssl(SSL_new(context_.get()));
  if (ssl == nullptr) throw std::bad_alloc();
  SSL_set_accept_state(ssl.get());
  return ssl;
}

int TlsServerContext::choose_protocol(ssl_st* /*ssl*/, const unsigned char** out,
                                      unsigned char* out_size, const unsigned char* offered,
                                      unsigned offered_size, void* self) {
  for (const std::string_view wanted : static_cast<const TlsServerContext*>(self)->protocols_) {
    // The wire's form: each name after its length.
    for (unsigned at = 0; at < offered_size; at += offered[at] + 1U) {
      const std::string_view name(reinterpret_cast<const char*>(offered) + at + 1, offered[at]);
      if (name != wanted) continue;
      *out = offered + at + 1;
      *out_size = offered[at];
      return SSL_TLSEXT_ERR_OK;
    }
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace perigee
