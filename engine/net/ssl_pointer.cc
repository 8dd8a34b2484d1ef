#include "engine/net/ssl_pointer.h"

#include <openssl/ssl.h>

namespace perigee {

void SslDelete::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

void SslDelete::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

void SslDelete::operator()(ssl_session_st* session) const {
  SSL_SESSION_free(session);
}

void SslDelete::operator()(ssl_st* connection) const {
  SSL_free(connection);
}

void SslDelete::operator()(x509_st* certificate) const {
  X509_free(certificate);
}

}  // namespace perigee
