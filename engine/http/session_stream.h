// One request and its response as a session sees them: HTTP/1.1 has one such stream at a time on a
// connection, HTTP/2 many.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/http/response.h"
#include "engine/http/retry.h"

namespace perigee::http {

class PreparedRequest;

// A session is given it by `submit`, and forgets it before `finish`, `on_lost` or
// `on_not_processed`, one of which ends every stream that is not abandoned.
class SessionStream {
 public:
  // What is to be sent. It stays where it is until the stream ends.
  virtual const PreparedRequest& request() const = 0;
  // The kernel has taken what the session gave it, but there is more of the body: the session is to
  // hear `on_sent` on a later turn.
  virtual void send_more_later() = 0;

  // All of the request has been handed to the kernel; the first byte of the response has come.
  // Either may be first.
  virtual void on_sent(Instant at) = 0;
  virtual void on_response(Instant at) = 0;
  // The final head, and pieces of the body. The stream may be abandoned within the call.
  virtual void on_head(const ResponseHead& head) = 0;
  virtual void on_body(std::string_view bytes, Instant at) = 0;
  // The fields behind the body; not called where there are none.
  virtual void on_trailers(std::string_view /*fields*/) {}

  // The response is whole, or the error says why it will not be.
  virtual void finish(Error error, Instant at) = 0;
  // The connection broke. `facts` are those that the session knows.
  virtual void on_lost(Error error, Instant at, LostRequest facts) = 0;
  // The server has said that it did not process the request. `fruitless`: the connection has served
  // no other and does not.
  virtual void on_not_processed(const Error& error, Instant at, bool fruitless) = 0;

  // Where a session of several streams finds this one again.
  uint32_t slot() const { return slot_; }
  void set_slot(uint32_t slot) { slot_ = slot; }

 protected:
  ~SessionStream() = default;

 private:
  uint32_t slot_ = 0;
};

}  // namespace perigee::http
