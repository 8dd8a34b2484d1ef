// What happens on one stream of an HTTP/2 connection.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/http/http2/error_code.h"
#include "engine/http/http2/field_block.h"

namespace perigee::http2 {

// A head that can't be used.
enum class HeadFault {
  kTooLarge,     // the peer's: as it is packed, it is more than can be unpacked
  kNotSendable,  // one of this side: it is more than HTTP/2 allows
};

// Belongs to whoever uses the stream, and lives until `on_closed` or `Connection::forget`. Any call
// may forget the stream, reset it, or open another; none may destroy the connection. Views end with
// the call.
class StreamEvents {
 public:
  virtual ~StreamEvents() = default;

  // The first bytes of a head, or of trailers, are there.
  virtual void on_head_begins() {}
  // A head: of a request, of an informational response (1xx; any number of times) or of the
  // response. `ends`: `on_end` follows at once.
  virtual void on_head(const FieldBlock& head, bool ends) = 0;
  virtual void on_data(std::string_view bytes) = 0;
  // `on_end` follows at once.
  virtual void on_trailers(const FieldBlock& /*trailers*/) {}
  // The peer sends nothing more; this side still may.
  virtual void on_end() = 0;

  // All of what this side had to send, to its end, has been handed to the kernel.
  virtual void on_sent() {}
  // It goes on, unless its user resets it.
  virtual void on_head_fault(HeadFault fault) = 0;
  // The stream is over and forgotten: both sides have ended it (kNoError) or one has reset it. With
  // kRefusedStream the peer has not looked at it.
  virtual void on_closed(ErrorCode code) = 0;

  // Bytes of a frame of this stream, if the connection's settings ask for these calls.
  virtual void on_frame_received(size_t /*bytes*/) {}
  virtual void on_frame_sent(size_t /*bytes*/) {}
};

}  // namespace perigee::http2
