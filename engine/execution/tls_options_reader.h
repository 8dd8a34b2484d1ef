// Options about TLS from their JSON.
#pragma once

#include "engine/execution/json_reader.h"
#include "engine/net/tls_options.h"

namespace perigee {

// Reads insecureSkipTLSVerify, tlsVersion, tlsCipherSuites, tlsAuth and tlsCACerts; what is not
// there keeps its default. Throws ConfigError naming the key. Files and suites are looked at by the
// context that is made of it.
TlsOptions read_tls_options(const JsonReader& options);

}  // namespace perigee
