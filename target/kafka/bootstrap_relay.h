// Carries connections from a known port to a broker, which has chosen its own.
#pragma once

#include <memory>
#include <unordered_map>

#include "engine/loop/loop.h"
#include "engine/net/listener.h"

namespace perigee {

// librdkafka's mock cluster listens at ports that the system picks. A client that asks here which
// brokers there are hears of those, and goes there itself. Used on its loop's thread.
class BootstrapRelay {
 public:
  // Throws std::runtime_error if it can't listen at `address`.
  BootstrapRelay(Loop& loop, const Address& address, const Address& broker);
  ~BootstrapRelay();
  BootstrapRelay(const BootstrapRelay&) = delete;
  BootstrapRelay& operator=(const BootstrapRelay&) = delete;

  // Where it listens, with the real port.
  const Address& address() const { return listener_.address(); }

 private:
  class Connection;

  void on_connection();
  void end(const Connection& connection);

  Loop& loop_;
  const Address broker_;
  std::unordered_map<const Connection*, std::unique_ptr<Connection>> connections_;
  Listener listener_;
};

}  // namespace perigee
