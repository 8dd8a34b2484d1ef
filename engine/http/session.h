// One connection's protocol: HTTP/1.1 or HTTP/2. Nothing above it knows which it is.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/http/keep_alive.h"

namespace perigee::http {

class SessionStream;

class Session {
 public:
  virtual ~Session() = default;

  // The number of streams it carries.
  virtual uint32_t in_flight() const = 0;
  // The number of streams it can carry beside those.
  virtual uint32_t capacity() const = 0;
  // Sends a stream's request. Needs capacity.
  virtual void submit(SessionStream& stream) = 0;
  // Bytes of the stream's request have left.
  virtual bool begun(const SessionStream& stream) const = 0;
  // Forgets a stream. False if the connection can't be used any more (HTTP/1.1: always).
  virtual bool abandon(SessionStream& stream) = 0;

  // Stops and resumes the reading of a stream's response.
  virtual void pause(SessionStream& stream) = 0;
  virtual void resume(SessionStream& stream) = 0;

  // The events of the connection's byte stream. Each may end streams, through their own `finish`.
  virtual void on_read(std::string_view bytes, Instant at) = 0;
  virtual void on_sent(Instant at) = 0;
  virtual void on_closed(int error, Instant at) = 0;
  // The turn in which it has queued something ends: sends it. May end streams, too.
  virtual void on_turn_end() {}

  // The connection must not carry another stream.
  virtual bool exhausted() const = 0;
  // How the body of the last response was framed.
  virtual KeepAlive::Framing framing() const { return KeepAlive::Framing::kSized; }
};

}  // namespace perigee::http
