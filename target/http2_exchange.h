// One request on a stream of HTTP/2, and what is left to be sent of its answer.
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
#include "engine/loop/timer_queue.h"
#include "target/answer.h"
#include "target/target_request.h"

namespace perigee {

class Http2Exchange {
 public:
  // `due` is called when something waits no longer for its instant: the answer, or a piece of it.
  Http2Exchange(TimerQueue& timers, std::function<void()> due) : timer_(timers, std::move(due)) {}

  // `request` knows its head from here on.
  void take_head(const http2::FieldBlock& head);
  bool announces_too_much() const;
  // Appends to the body; false if that is too large.
  bool add_body(std::string_view bytes);

  // Keeps the answer until its instant; one that hangs has none.
  void hold(Answer answer);
  bool holds() const { return holds_; }
  Answer release();

  // What to send as the body: `rest` of what lies ready, and whether it is the last.
  void begin_body(Answer answer);
  struct Ready {
    std::string_view rest;
    bool last;
    std::span<const http2::Field> trailers{};  // behind the last
  };
  // Takes pieces that are due at `now`; if none is, the due time is waited for.
  Ready ready(Instant now);
  std::string_view unsent() const { return unsent_; }
  void sent(size_t bytes) { unsent_.remove_prefix(bytes); }
  // Half of the body was promised only.
  bool breaks_off() const { return unsent_.empty() && answer_.delivery == Delivery::kHalf; }

  TargetRequest request;
  size_t bytes_received = 0;
  bool complete = false;  // all of the request is there
  bool answered = false;  // an answer has been decided on

 private:
  void take_pieces(Instant now);
  void read_trailers();

  bool holds_ = false;
  Answer answer_;
  std::vector<http2::Field> trailers_;
  std::string trailer_names_;
  std::string piece_;
  std::string_view unsent_;
  Timer timer_;
};

}  // namespace perigee
