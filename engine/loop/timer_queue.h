// Timers of one thread, ordered by when they are due; knows no clock, so tests drive it by hand.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "engine/base/clock.h"

namespace perigee {

class TimerQueue;

// Calls back once each time it is started. Must not outlive its queue; destroying it stops it.
class Timer {
 public:
  Timer(TimerQueue& queue, std::function<void()> callback)
      : queue_(queue), callback_(std::move(callback)) {}
  ~Timer() { stop(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // (Re)arms the timer; an instant in the past is due at once.
  void start(Instant due);
  void stop();
  bool armed() const { return index_ < kFiring; }
  Instant due() const { return due_; }

 private:
  friend class TimerQueue;
  // Beside places in the heap: not armed, and in the batch that is being fired.
  static constexpr size_t kIdle = static_cast<size_t>(-1);
  static constexpr size_t kFiring = kIdle - 1;

  TimerQueue& queue_;
  std::function<void()> callback_;
  Instant due_{};
  size_t index_ = kIdle;
};

// A binary heap of armed timers.
class TimerQueue {
 public:
  TimerQueue() = default;
  ~TimerQueue() = default;
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;

  // When the earliest timer is due; nothing if none is armed.
  std::optional<Instant> next() const;

  // Fires what is due at `now`, earliest first. A timer that a callback arms for `now` or earlier
  // waits for the next call, so that no callback can keep the loop from its I/O.
  void run_due(Instant now);

  bool empty() const { return heap_.empty(); }

 private:
  friend class Timer;
  void insert(Timer* timer);
  void remove(Timer* timer);
  void place(size_t index, Timer* timer);
  void sift_up(size_t index);
  void sift_down(size_t index);

  std::vector<Timer*> heap_;
  std::vector<Timer*> due_;  // the batch being fired; a timer stopped meanwhile is nulled here
};

}  // namespace perigee
