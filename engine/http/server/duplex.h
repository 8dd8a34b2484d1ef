// A request of HTTP/2 that its handler takes as it comes, while the response goes out as it is
// made.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "engine/http/http2/error_code.h"
#include "engine/http/http2/field.h"

namespace perigee::http {

// The handler's end of the stream. May be called at any time, within events too; from a reset and
// from `DuplexEvents::on_closed` on, calls do nothing.
class DuplexStream {
 public:
  virtual ~DuplexStream() = default;

  // The head of the response, once and first: ":status" in front, names in lower case. `last`: the
  // response is the head alone.
  virtual void send_head(std::span<const http2::Field> head, bool last) = 0;
  // Data behind the head. It is copied, and leaves as the client's windows open.
  virtual void send(std::string_view bytes) = 0;
  // Bytes of data that have not left yet: who has much to send waits for `on_drained`.
  virtual size_t unsent() const = 0;
  // Nothing comes behind the data sent so far except these trailers, which are copied. A client
  // that is still sending is told that nobody listens.
  virtual void end(std::span<const http2::Field> trailers) = 0;

  // The handler has dealt with this many bytes of `on_data`, so the client may send as many more.
  virtual void consume(size_t bytes) = 0;

  // Ends the stream at once, on both sides.
  virtual void reset(http2::ErrorCode code) = 0;
  // The client is to open no more streams on this connection, which closes behind the last of those
  // it has.
  virtual void go_away() = 0;
  // Ends the whole connection without a word.
  virtual void cut() = 0;
};

// What such a handler hears of its request. The server owns it, and destroys it after `on_closed`.
class DuplexEvents {
 public:
  DuplexEvents() = default;
  virtual ~DuplexEvents() = default;
  DuplexEvents(const DuplexEvents&) = delete;
  DuplexEvents& operator=(const DuplexEvents&) = delete;

  // Part of the request's body; the view ends with the call. The client may send as much as its
  // window holds, until the handler consumes what it has.
  virtual void on_data(std::string_view bytes) = 0;
  // The request is complete.
  virtual void on_end() = 0;
  // All data that was sent has left.
  virtual void on_drained() {}
  // The stream is over: both sides have ended it (kNoError), one has reset it, or its connection is
  // gone (kCancel).
  virtual void on_closed(http2::ErrorCode code) = 0;
};

}  // namespace perigee::http
