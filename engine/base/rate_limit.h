// A rate that all threads of a run keep together.
#pragma once

#include <atomic>
#include <cstdint>

#include "engine/base/clock.h"

namespace perigee {

// Hands out turns, evenly apart and without a reserve: time in which nobody asked is gone. May be
// used from any thread at any time.
class RateLimit {
 public:
  // So many turns a second; 0: no limit.
  explicit RateLimit(int64_t per_second = 0);

  bool unlimited() const { return interval_ns_ == 0; }
  // When the caller's turn is: now or later. A turn that is not used is lost.
  Instant reserve(Instant now);

 private:
  const int64_t interval_ns_;
  std::atomic<int64_t> next_ns_{0};  // of the next turn, since the epoch of Instant
};

}  // namespace perigee
