// How long requests wait that reach no server, so that a loop of nothing else does not spin.
#pragma once

#include <cstdint>

#include "engine/base/clock.h"

namespace perigee::http {

// Counts the requests of a client that have failed in a row without a connection: refused, no such
// host, no local port. After limits::kRefusals of them the ends of further ones wait, 10 ms each at
// first and twice as long after every further hundred, up to limits::kRefusedPause.
class RefusedPause {
 public:
  // A request that came from where others were refused has got a connection.
  void on_reached() { refused_ = 0; }

  // A request has been refused: how long its end is to wait. `last` is when the end of the previous
  // one of the same user was reported, the epoch if none was: a script that waits by itself is not
  // made to wait longer. The result is one of a few values.
  Duration on_refused(Instant last, Instant now);

 private:
  uint64_t refused_ = 0;
};

}  // namespace perigee::http
