// A certificate that one side of TLS shows, with the key that proves it.
#pragma once

#include <string>
#include <vector>

#include "engine/net/ssl_pointer.h"
#include "engine/net/tls_options.h"

namespace perigee {

struct TlsIdentity {
  X509Ptr certificate;
  std::vector<X509Ptr> chain;  // the certificates above it
  KeyPtr key;
};

// Throws ConfigError if either can't be read, or if they don't fit each other. The password is the
// key's; empty: it is not encrypted.
TlsIdentity read_tls_identity(const TlsPem& certificate, const TlsPem& key,
                              const std::string& password);

}  // namespace perigee
