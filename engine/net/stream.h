// A byte stream to a peer: TCP, or TLS over it. Sessions speak through this and know no more.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/net/address.h"
#include "engine/net/tls_failure.h"
#include "engine/net/tls_parameters.h"

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
  // The stream is over: the peer closed it (`error` 0) or it failed (a positive errno). Of TLS,
  // EPROTO is a failure that `Stream::failure` explains, and ECONNABORTED an end that the peer has
  // not announced, as TLS demands, so that somebody may have cut off what came before it.
  virtual void on_closed(int error) = 0;
};

// Destroying it closes the connection; no event comes afterwards.
class Stream {
 public:
  virtual ~Stream() = default;

  // Sends `head`, then `body`, from where they lie. True if the kernel took all of it at once; else
  // both must stay where they are, and nothing else be written, until `on_sent` or until the stream
  // is gone.
  virtual bool write(std::string_view head, std::string_view body) = 0;

  // From now on `events` is told what happens, instead of the receiver so far; it must outlive the
  // stream or the next hand-over.
  virtual void hand_over(StreamEvents& events) = 0;
  // Stops and resumes the delivery of bytes.
  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;
  // Resets the connection instead of closing it in order; takes effect on destruction.
  virtual void reset_on_close() = 0;

  // Whether the peer has closed its side, or the connection has failed, also where the loop has not
  // heard of it yet. Costs a system call.
  virtual bool peer_closed() const = 0;
  // Whether the peer's system has acknowledged none of the bytes written after the first `mark`.
  // Once the peer has closed its side in order, that is final: its program never sees them.
  virtual bool untaken_since(uint64_t mark) const = 0;

  virtual const Address& peer() const = 0;
  // The protocol agreed on by ALPN, e.g. "h2"; empty if there was no agreement.
  virtual std::string_view protocol() const { return {}; }
  // What TLS has agreed on; null without TLS, and before its handshake is done.
  virtual const TlsParameters* tls() const { return nullptr; }
  // Why TLS failed; null if it did not.
  virtual const TlsFailure* failure() const { return nullptr; }

  // Bytes read and written so far, as the wire saw them.
  uint64_t bytes_received() const { return bytes_received_; }
  uint64_t bytes_sent() const { return bytes_sent_; }

 protected:
  // Every request reads them, so they are no virtual functions.
  uint64_t bytes_received_ = 0;
  uint64_t bytes_sent_ = 0;
};

}  // namespace perigee
