// An HTTP server on one loop: a listening socket and the connections it has accepted.
#pragma once

#include <memory>
#include <vector>

#include "engine/base/log.h"
#include "engine/http/server/context.h"
#include "engine/net/listener.h"

namespace perigee::http {

// Speaks HTTP/1.1 and HTTP/2, and TLS where it has a certificate, on one port: the first bytes of a
// connection tell.
//
// Thread: its loop's, but it may be made before that runs. Lifetime: of its loop and handler.
class Server {
 public:
  struct Options {
    Address address{};                      // port 0 picks a free one
    bool shared = false;                    // other servers listen at the same address
    const TlsServerContext* tls = nullptr;  // null: TLS is not spoken
    ServerLimits limits{};
  };

  // Throws std::runtime_error if it can't listen.
  Server(Loop& loop, const Options& options, ServerHandler& handler, Log& log);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Where it listens, with the real port.
  const Address& address() const { return listener_.address(); }
  size_t connections() const { return connections_.size(); }

 private:
  void accept();
  bool full() const;
  void replace(ServerConnection& connection, std::unique_ptr<ServerConnection> by);
  void remove(ServerConnection& connection);

  Log& log_;
  ServerContext context_;
  Listener listener_;
  std::vector<std::unique_ptr<ServerConnection>> connections_;
};

}  // namespace perigee::http
