// Time-outs by the thousand: arming one costs two pointer writes, not a heap operation.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "engine/loop/timer_queue.h"

namespace perigee {

class DeadlineList;

// One thing that must not take longer than its time-out. Derive from it; it leaves its list when
// destroyed.
class Deadline {
 public:
  virtual ~Deadline() { disarm(); }
  Deadline() = default;
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  void disarm();

 protected:
  // Called once when the time is over; the deadline is disarmed by then and may be destroyed
  // inside.
  virtual void on_deadline() = 0;

 private:
  friend class DeadlineList;
  Deadline* previous_ = nullptr;
  Deadline* next_ = nullptr;
  DeadlineList* list_ = nullptr;
  Instant due_{};
};

// All deadlines of one time-out value: they fall due in the order they were armed, so one timer for
// the oldest serves them all.
class DeadlineList {
 public:
  DeadlineList(TimerQueue& timers, Duration timeout);
  ~DeadlineList();
  DeadlineList(const DeadlineList&) = delete;
  DeadlineList& operator=(const DeadlineList&) = delete;

  void arm(Deadline& deadline, Instant now);
  // It holds no deadline, and may be destroyed.
  bool idle() const { return head_ == nullptr && !sweeping_; }

 private:
  friend class Deadline;
  void unlink(Deadline& deadline);
  void sweep();

  const Duration timeout_;
  Timer timer_;
  Deadline* head_ = nullptr;
  Deadline* tail_ = nullptr;
  bool sweeping_ = false;
};

// The lists of a worker, one per time-out value in use.
class Deadlines {
 public:
  // Lists without a deadline are dropped when there are more than these: scripts may compute
  // time-outs.
  static constexpr size_t kIdleLists = 64;

  explicit Deadlines(TimerQueue& timers) : timers_(timers) {}

  // `timeout` after `now`, calls `deadline` back unless it is disarmed before.
  void arm(Deadline& deadline, Duration timeout, Instant now);

  size_t lists() const { return lists_.size(); }

 private:
  DeadlineList& list_of(Duration timeout);

  TimerQueue& timers_;
  std::map<Duration, std::unique_ptr<DeadlineList>> lists_;
  DeadlineList* last_ = nullptr;
  Duration last_timeout_{};
};

}  // namespace perigee
