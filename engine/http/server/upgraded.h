// What a connection of a server is once it speaks another protocol, such as a WebSocket.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/net/stream.h"

namespace perigee::http {

class Upgraded {
 public:
  virtual ~Upgraded() = default;
  // Bytes that came along with the request.
  virtual void receive(std::string_view bytes, Instant at) = 0;
};

// Makes it of the stream. It calls `finished` when it is over, which destroys it.
using Upgrade = std::function<std::unique_ptr<Upgraded>(std::unique_ptr<Stream> stream,
                                                        std::function<void()> finished)>;

}  // namespace perigee::http
