// Time that stands still until a test moves it, with the timers that live by it.
#pragma once

#include <algorithm>
#include <deque>
#include <optional>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/loop/timer_queue.h"

namespace perigee {

// Steps from due timer to due timer, so that an hour passes as fast as its timers fire. Timers may
// belong to several threads, which all run on the test's own.
class FakeClock final : public Clock {
 public:
  Instant now() const override { return now_; }
  TimerQueue& timers(size_t thread = 0) {
    while (threads_.size() <= thread)
      threads_.emplace_back();
    return threads_[thread].timers;
  }

  // Moves on to `until`, firing each timer at its own instant.
  void run_until(Instant until) {
    int turns = 0;
    for (auto next = earliest(); next && *next <= until; next = earliest()) {
      PERIGEE_CHECK(++turns < kMostTurns);
      now_ = std::max(now_, *next);
      turn();
    }
    now_ = std::max(now_, until);
  }
  void advance(Duration by) { run_until(now_ + by); }

  // One turn of each thread's loop at this instant: what a timer arms for now waits for the next.
  void turn() {
    for (Thread& thread : threads_) {
      if (!thread.suspended) thread.timers.run_due(now_);
    }
  }

  // Nobody gets any CPU for a while: time passes and no timer fires.
  void stall(Duration by) { now_ += by; }
  // One thread gets none, until it wakes.
  void suspend(size_t thread) { threads_[thread].suspended = true; }
  void wake(size_t thread) { threads_[thread].suspended = false; }

 private:
  static constexpr int kMostTurns = 100'000'000;

  struct Thread {
    TimerQueue timers{};
    bool suspended = false;
  };

  std::optional<Instant> earliest() const {
    std::optional<Instant> earliest;
    for (const Thread& thread : threads_) {
      const auto next = thread.timers.next();
      if (thread.suspended || !next) continue;
      earliest = earliest ? std::min(*earliest, *next) : *next;
    }
    return earliest;
  }

  // Not the epoch, which stands for "never" in places.
  Instant now_ = Instant(std::chrono::hours(1));
  std::deque<Thread> threads_;
};

}  // namespace perigee
