// How a client's TLS connections are made: whom they trust, what they offer, what they present.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/net/ssl_pointer.h"
#include "engine/net/tls_identity.h"
#include "engine/net/tls_options.h"

namespace perigee {

class KeyLog;
class TlsSessions;

// Whom a connection is made to.
struct TlsServer {
  std::string_view host;  // a name or an IP address, which its certificate must be for
  // What to offer, the preferred first; none: ALPN is not used.
  std::vector<std::string_view> protocols{};
  bool proxy = false;  // on the way to the server, so that no other name is meant for it
  uint16_t port = 0;
  TlsSessions* sessions = nullptr;  // looked at where the context resumes sessions
};

// Immutable; shared by the workers of a run.
class TlsContext {
 public:
  // Throws ConfigError, by the names that the options carry, for files that can't be read or hold
  // something else, keys that don't fit and unknown cipher suites.
  explicit TlsContext(const TlsOptions& options);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // The state of a new connection, before its handshake.
  SslPtr connection(const TlsServer& server) const;
  bool resumes_sessions() const { return resumes_sessions_; }

 private:
  struct Identity {
    std::vector<std::string> domains;
    TlsIdentity shown;

    bool serves(std::string_view host) const;
  };

  void set_versions(const TlsOptions& options);
  void set_trust(const TlsOptions& options);
  void present(ssl_st& ssl, std::string_view host) const;

  std::unique_ptr<KeyLog> key_log_;
  SslContextPtr context_;
  bool verifies_ = true;
  bool resumes_sessions_ = false;
  std::string server_name_;  // in place of the host; empty: none
  std::vector<Identity> identities_;
};

}  // namespace perigee
