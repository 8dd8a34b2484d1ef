// The network's side of one worker: a listening socket and the connections it has accepted.
#pragma once

#include <memory>
#include <vector>

#include "engine/base/log.h"
#include "engine/net/listener.h"
#include "target/connection_context.h"

namespace perigee {

// Lives on its loop's thread, but may be made before that runs.
class TargetServer {
 public:
  using Respond = std::function<Answer(TargetRequest& request, Instant at)>;
  struct Options {
    Address address;
    bool shared = false;                    // other workers listen at the same address
    const TlsServerContext* tls = nullptr;  // null: TLS is not spoken
  };

  // Throws std::runtime_error if it can't listen.
  TargetServer(Loop& loop, const Options& options, StatsShard& stats, Log& log, Respond respond);
  ~TargetServer();
  TargetServer(const TargetServer&) = delete;
  TargetServer& operator=(const TargetServer&) = delete;

  const Address& address() const { return listener_.address(); }

 private:
  void accept();
  void replace(TargetConnection& connection, std::unique_ptr<TargetConnection> by);
  void remove(TargetConnection& connection);

  Log& log_;
  EchoContext echoes_;
  ConnectionContext context_;
  Listener listener_;
  std::vector<std::unique_ptr<TargetConnection>> connections_;
};

}  // namespace perigee
