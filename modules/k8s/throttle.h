// The throttle that a client of perigee.k8s asks for.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "engine/base/clock.h"

namespace perigee {

// A bucket of tokens, as client-go has: `burst` requests at once, and `qps` a second after that.
// May be used from any thread at any time.
class Throttle {
 public:
  Throttle(double qps, int64_t burst);

  // When the caller's turn is: now or later. Nothing, and no turn is used, if that is after
  // `until`.
  std::optional<Instant> reserve(Instant now, Instant until);

 private:
  const int64_t interval_ns_;
  const int64_t reserve_ns_;         // what a full bucket is ahead of the rate
  std::atomic<int64_t> full_ns_{0};  // when the bucket would be full, since the epoch of Instant
};

// Those of a run: clients of the same settings share one, whatever their worker.
class Throttles {
 public:
  // The settings by their name; the first caller makes it.
  Throttle& of(const std::string& name, double qps, int64_t burst);

 private:
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Throttle>> by_name_;
};

}  // namespace perigee
