// How a server's TLS connections are made: what they present and which protocols they agree to.
#pragma once

#include <string_view>
#include <vector>

#include "engine/net/ssl_pointer.h"
#include "engine/net/tls_options.h"

namespace perigee {

struct TlsServerOptions {
  TlsPem certificate{};  // may go on with the chain above it
  TlsPem key{};
  // For ALPN, the preferred first. A client that offers others only is refused.
  std::vector<std::string_view> protocols{};
};

// Immutable; shared by the workers of a server, each of which resumes the sessions of all: they lie
// in tickets that the clients keep.
class TlsServerContext {
 public:
  // Throws ConfigError, by the names that the options carry, for files that can't be read or hold
  // something else and for a key that doesn't fit.
  explicit TlsServerContext(const TlsServerOptions& options);
  ~TlsServerContext() = default;
  TlsServerContext(const TlsServerContext&) = delete;
  TlsServerContext& operator=(const TlsServerContext&) = delete;

  // The state of a new connection, before its handshake. The context must outlive it.
  SslPtr connection() const;

 private:
  static int choose_protocol(ssl_st* ssl, const unsigned char** out, unsigned char* out_size,
                             const unsigned char* offered, unsigned offered_size, void* self);

  SslContextPtr context_;
  std::vector<std::string_view> protocols_;
};

}  // namespace perigee
