// Why a TLS connection could not be made, or broke.
#pragma once

#include <string>

namespace perigee {

struct TlsFailure {
  enum class Kind {
    kProtocol,          // also a certificate that is not valid now, or an alert of the peer
    kNotTls,            // the peer speaks something else
    kUnknownAuthority,  // nobody we trust has signed the peer's certificate
    kWrongHost,         // the certificate is another host's
  };
  Kind kind = Kind::kProtocol;
  std::string text;  // "remote error: tls: handshake failure"
};

}  // namespace perigee
