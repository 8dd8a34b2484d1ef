// What a TLS handshake has agreed on.
#pragma once

namespace perigee {

// The texts are literals, as k6 spells them; empty without TLS.
struct TlsParameters {
  const char* version = "";       // "tls1.3"
  const char* cipher_suite = "";  // "TLS_AES_128_GCM_SHA256"
  bool resumed = false;           // a session of an earlier connection

  // Of the literals themselves.
  bool operator==(const TlsParameters&) const = default;
};

}  // namespace perigee
