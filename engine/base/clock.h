// The engine's idea of time: one monotonic clock, passed in so that tests can supply their own.
#pragma once

#include <chrono>
#include <cstdint>

namespace perigee {

using Duration = std::chrono::nanoseconds;
using Instant = std::chrono::time_point<std::chrono::steady_clock, Duration>;
using WallTime = std::chrono::time_point<std::chrono::system_clock, Duration>;

// Tells the monotonic time. Safe to read from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

class MonotonicClock final : public Clock {
 public:
  Instant now() const override { return std::chrono::steady_clock::now(); }
};

// Ties one instant to the calendar, so that every sample of a run is stamped by the same pair.
struct TimeOrigin {
  Instant instant{};
  WallTime wall{};

  static TimeOrigin now() {
    return {std::chrono::steady_clock::now(),
            std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now())};
  }
  WallTime wall_at(Instant at) const { return wall + (at - instant); }
};

// The value of a duration as k6 reports it: milliseconds with a fraction.
inline double to_ms(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

inline double to_seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace perigee
