// Certificates and keys from PEM texts and files.
#pragma once

#include <string>
#include <vector>

#include "engine/net/ssl_pointer.h"
#include "engine/net/tls_options.h"

namespace perigee {

// All certificates of a text, at least one. Throws ConfigError.
std::vector<X509Ptr> read_certificates(const TlsPem& pem);

// The first key of a text, decrypted with the password if it needs one. Throws ConfigError.
KeyPtr read_key(const TlsPem& pem, const std::string& password);

}  // namespace perigee
