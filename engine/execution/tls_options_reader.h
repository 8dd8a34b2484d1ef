// Options about TLS from their JSON.
#pragma once

#include "engine/execution/json_reader.h"
#include "engine/net/tls_options.h"

namespace perigee {

// Reads insecureSkipTLSVerify, tlsVersion, tlsCipherSuites, tlsAuth and tlsCACerts; what is not
// there stays as `tls` has it. Throws ConfigError naming the key. Files and suites are looked at by
// the context that is made of it.
TlsOptions read_tls_options(const JsonReader& options, TlsOptions tls = {});

// Reads the table `tls` of a script's client: the same keys, serverName and
// resumeSessions, and no others. What is
// not there is as the run has it.
TlsOptions read_client_tls(const JsonReader& settings, const TlsOptions& run);

}  // namespace perigee
