// What OpenSSL has to say about a failure, as values of ours.
#pragma once

#include <string>

#include "engine/net/tls_failure.h"

struct x509_st;

namespace perigee {

// Why the last call for a connection failed, by the thread's error queue, which is emptied.
TlsFailure take_tls_failure();

// Why a certificate was not accepted; `reason` is one of X509_V_ERR_*.
TlsFailure certificate_failure(const x509_st* certificate, int reason);

// The reason of the thread's first queued error in OpenSSL's words, or `otherwise` if there is
// none; the queue is emptied.
std::string take_ssl_reason(const char* otherwise);

}  // namespace perigee
