// One thread's event loop: I/O, timers finer than a millisecond, and a mailbox for other threads.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "engine/base/clock.h"
#include "engine/loop/timer_queue.h"
#include "engine/loop/turn_end.h"

struct uv_loop_s;

namespace perigee {

// Used by the thread that runs it, but for `post`. Everything that holds handles of the loop must
// be destroyed before it.
class Loop {
 public:
  using Task = std::function<void()>;

  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs until `stop`. May be called again.
  void run();
  void stop();
  // Waits for something to happen and handles what has, to the end of the turn.
  void run_once();

  // Runs `task` on the loop's thread, in the order of the posts. Callable from every thread, also
  // before `run`; what is posted after the last `run` has returned is dropped with the loop.
  void post(Task task);

  // Whether a system call that can't be taken back, such as looking up a name, still runs for this
  // loop. Destroying the loop then leaves its memory to that call instead of waiting for it.
  bool awaits_system() const;

  TimerQueue& timers() { return timers_; }
  TurnEnds& turn_ends() { return turn_ends_; }
  Instant now() const { return recent_ = clock_.now(); }
  // What `now` has told last, at the latest at the last read: good enough to stamp samples, and
  // free.
  Instant recent() const { return recent_; }
  const Clock& clock() const { return clock_; }

  // The most that a timer has been late since this was asked last. (Timers less than 0.1 ms apart
  // fire together, which counts.)
  Duration take_lag() { return std::exchange(lag_, Duration{}); }

  // For engine/loop and engine/net, which alone speak libuv.
  uv_loop_s* uv() { return loop_.get(); }

 private:
  struct Handles;

  void before_poll();
  void after_poll();
  void deliver();

  MonotonicClock clock_;
  mutable Instant recent_{};
  std::unique_ptr<uv_loop_s> loop_;
  TimerQueue timers_;
  TurnEnds turn_ends_;
  std::unique_ptr<Handles> handles_;
  Instant armed_{};       // what the timer descriptor is set to; the epoch when disarmed
  Instant last_fired_{};  // when timers last fired
  Duration lag_{};
  std::mutex mutex_;
  std::vector<Task> inbox_;
  std::vector<Task> delivering_;
};

}  // namespace perigee
