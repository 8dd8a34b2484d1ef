// A listening TCP socket on a loop.
#pragma once

#include <functional>
#include <memory>

#include "engine/net/tcp_stream.h"

namespace perigee {

// Tells of each connection that waits; the owner takes it with `accept`.
class Listener {
 public:
  // Listens at `address` (port 0 picks a free one); with `shared`, several loops may listen there
  // and the kernel spreads connections. Throws std::runtime_error with the address and the reason.
  Listener(Loop& loop, const Address& address, bool shared, std::function<void()> on_connection);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::unique_ptr<TcpStream> accept(StreamEvents& events);
  // Where it listens, with the real port.
  const Address& address() const { return address_; }

 private:
  Loop& loop_;
  std::function<void()> on_connection_;
  uv_tcp_s* handle_;
  Address address_;
};

}  // namespace perigee
