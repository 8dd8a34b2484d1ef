// What becomes of a call.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/grpc/status.h"
#include "engine/http/response.h"
#include "engine/net/address.h"

namespace perigee::grpc {

struct CallEnd {
  Status status;
  http::Timings
      timings;  // `connecting` and `tls_handshaking` are told by a connection's first call
  Instant started{};
  Instant ended{};
  Address remote;        // empty if it has reached no server
  uint32_t retries = 0;  // times that a server had not looked at it, and it was sent again
};

// Told on the worker's thread, on later turns than `Call::start`.
class CallEvents {
 public:
  virtual ~CallEvents() = default;

  // The response's head has come; see `Call::headers`. Not if the call has ended before.
  virtual void on_head() {}
  // `at` is when its last bytes were read. The view ends with the call. May cancel the call, but
  // not start it again.
  virtual void on_message(std::string_view message, Instant at) = 0;
  // All that was to be sent so far is on its way, after `Call::unsent` was above 0.
  virtual void on_drained() {}
  // Once. The call may be started again from within.
  virtual void on_end(const CallEnd& end) = 0;
  // As `http::ResponseSink::may_pause`.
  virtual bool may_pause(Duration /*pause*/) { return false; }
};

}  // namespace perigee::grpc
