#include "engine/net/tls_identity.h"

#include <utility>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include "engine/base/config_error.h"
#include "engine/net/pem.h"

namespace perigee {

TlsIdentity read_tls_identity(const TlsPem& certificate, const TlsPem& key,
                              const std::string& password) {
  TlsIdentity identity;
  identity.chain = read_certificates(certificate);
  identity.certificate = std::move(identity.chain.front());
  identity.chain.erase(identity.chain.begin());
  identity.key = read_key(key, password);
  if (X509_check_private_key(identity.certificate.get(), identity.key.get()) != 1) {
    ERR_clear_error();
    throw ConfigError(
        fmt::format("{}: the key does not fit the certificate ({})", key.where, certificate.where));
  }
  return identity;
}

}  // namespace perigee
