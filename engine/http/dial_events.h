// What becomes of an attempt to reach a host.
#pragma once

#include <memory>

#include "engine/http/response.h"
#include "engine/net/stream.h"

namespace perigee::http {

// A connection that has just been made.
struct Dialled {
  std::unique_ptr<Stream> stream;  // to be handed over to its new owner at once
  Instant at{};                    // when it was ready
  Duration connecting{};
  Duration tls_handshaking{};  // zero without TLS
};

// Told the end once, on the loop's thread. The dial may be destroyed inside the call.
class DialEvents {
 public:
  virtual ~DialEvents() = default;
  virtual void on_dialled(Dialled dialled) = 0;
  virtual void on_dial_failed(Error error) = 0;
};

}  // namespace perigee::http
