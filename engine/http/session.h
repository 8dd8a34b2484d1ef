// One connection's protocol: HTTP/1.1 or HTTP/2. Nothing above it knows which it is.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/http/keep_alive.h"

namespace perigee::http {

class Exchange;

class Session {
 public:
  virtual ~Session() = default;

  // Exchanges it carries.
  virtual uint32_t in_flight() const = 0;
  // Exchanges it can carry beside those.
  virtual uint32_t capacity() const = 0;
  // Sends an exchange's request. Needs capacity.
  virtual void submit(Exchange& exchange) = 0;
  // Forgets an exchange. False if the connection can't be used any more (HTTP/1.1: always).
  virtual bool abandon(Exchange& exchange) = 0;

  // Stops and resumes the reading of an exchange's answer.
  virtual void pause(Exchange& exchange) = 0;
  virtual void resume(Exchange& exchange) = 0;

  // What the stream tells. Each may end exchanges, through their own `finish`.
  virtual void on_read(std::string_view bytes, Instant at) = 0;
  virtual void on_sent(Instant at) = 0;
  virtual void on_closed(int error, Instant at) = 0;
  // The turn in which it has queued something ends: sends it. May end exchanges, too.
  virtual void on_turn_end() {}

  // The connection must not carry another exchange.
  virtual bool exhausted() const = 0;
  // How the body of the last response was framed.
  virtual KeepAlive::Framing framing() const { return KeepAlive::Framing::kSized; }
};

}  // namespace perigee::http
