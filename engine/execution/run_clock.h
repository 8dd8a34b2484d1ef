// The time of a load phase: it starts once, can be paused, and turns offsets into instants.
#pragma once

#include "engine/base/clock.h"

namespace perigee {

// A value that every worker has a copy of; pauses reach all copies as messages.
class RunClock {
 public:
  RunClock() = default;
  explicit RunClock(Instant start) : start_(start) {}

  // The instant of an offset; it moves while the clock is paused, so timers are set again by
  // `resume`.
  Instant at(Duration offset) const { return start_ + paused_ + offset; }
  // How much of the run has passed at `now`, pauses left out.
  Duration elapsed(Instant now) const {
    return (paused() ? paused_since_ : now) - start_ - paused_;
  }

  void pause(Instant now) {
    if (!paused()) paused_since_ = now;
  }
  void resume(Instant now) {
    if (paused()) paused_ += now - paused_since_;
    paused_since_ = {};
  }
  bool begun() const { return start_ != Instant{}; }
  bool paused() const { return paused_since_ != Instant{}; }

 private:
  Instant start_{};
  Duration paused_{};
  Instant paused_since_{};
};

}  // namespace perigee
