// One request on a stream of HTTP/2, and what is left to be sent of its reply.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/http/http2/field_block.h"
#include "engine/http/server/reply.h"
#include "engine/http/server/request.h"
#include "engine/loop/timer_queue.h"

namespace perigee::http {

class Http2Exchange {
 public:
  // `due` is called when something waits no longer for its instant: the reply, or a piece of it.
  Http2Exchange(TimerQueue& timers, std::function<void()> due) : timer_(timers, std::move(due)) {}

  // `request` knows its head from here on.
  void take_head(const http2::FieldBlock& head);
  // Bytes of the body that its head announces, or 0.
  uint64_t announced() const;

  // Keeps the reply until its instant; one that hangs has none.
  void hold(Reply reply);
  bool holds() const { return holds_; }
  Reply release();

  // What to send as the body: `rest` of what lies ready, and whether it is the last.
  void begin_body(Reply reply);
  struct Ready {
    std::string_view rest;
    bool last;
    std::span<const http2::Field> trailers{};  // behind the last
  };
  // Takes pieces that are due at `now`; if none is, the due time is waited for.
  Ready ready(Instant now);
  void sent(size_t bytes) { unsent_.remove_prefix(bytes); }
  // Half of the body was promised only.
  bool breaks_off() const { return unsent_.empty() && reply_.delivery == Delivery::kHalf; }

  ServerRequest request;
  size_t bytes_received = 0;
  bool complete = false;  // all of the request is there
  bool answered = false;  // a reply has been decided on

 private:
  void take_pieces(Instant now);
  void read_trailers();

  bool holds_ = false;
  Reply reply_;
  std::vector<http2::Field> trailers_;
  std::string trailer_names_;
  std::string piece_;
  std::string_view unsent_;
  Timer timer_;
};

}  // namespace perigee::http
