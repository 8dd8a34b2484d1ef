// A byte stream to a peer: TCP now, TLS over it later. Sessions speak through this and know no
// more.
#pragma once

#include <string_view>

#include "engine/base/clock.h"
#include "engine/net/address.h"

namespace perigee {

// Receives what happens on a stream, on its loop's thread. Any call may destroy the stream.
class StreamEvents {
 public:
  virtual ~StreamEvents() = default;
  // The peer can be written to.
  virtual void on_connected() = 0;
  // Bytes came in; `at` is when they were read. The view ends with the call.
  virtual void on_read(std::string_view bytes, Instant at) = 0;
  // All that was given to `write` has been handed to the kernel (told only if `write` said false).
  virtual void on_sent() = 0;
  // The stream is over: the peer closed it (`error` 0) or it failed (a positive errno).
  virtual void on_closed(int error) = 0;
};

class Stream {
 public:
  virtual ~Stream() = default;

  // Sends `head`, then `body`, from where they lie. True if the kernel took all of it at once; else
  // both must stay where they are until `on_sent` or until the stream is gone.
  virtual bool write(std::string_view head, std::string_view body) = 0;

  // Bytes read and written so far, as the wire saw them.
  virtual uint64_t bytes_received() const = 0;
  virtual uint64_t bytes_sent() const = 0;
  virtual const Address& peer() const = 0;
};

}  // namespace perigee
