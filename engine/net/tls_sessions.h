// The TLS sessions that later connections to the same servers resume, in place of full handshakes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "engine/net/ssl_pointer.h"

namespace perigee {

// The latest session of each server, for the connections of one context. Used by one thread;
// outlives the connections that use it.
class TlsSessions {
 public:
  // Has a new connection offer the session with this server, if there is one, and keep here what
  // the server gives it.
  void use(ssl_st& connection, std::string_view host, uint16_t port);

  // Makes connections of the context keep the sessions that they are given.
  static void enable(ssl_ctx_st& context);

 private:
  std::map<std::string, SslSessionPtr> sessions_;  // by "host:port"
};

}  // namespace perigee
