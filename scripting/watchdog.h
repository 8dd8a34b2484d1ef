// Stops scripts that never wait: an endless loop would keep its worker from everything else.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include <pthread.h>

#include "engine/base/clock.h"
#include "scripting/lua_state.h"

namespace perigee {

class Watchdog;

// A worker's Lua state under watch. Made and used on the worker's thread.
class Watched {
 public:
  Watched(Watchdog& watchdog, lua_State* L);
  ~Watched();
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  // Around everything that runs script code.
  void enter() { turn(); }
  void leave() {
    turn();
    if (stopping_.load(std::memory_order_relaxed)) recover();
  }

 private:
  friend class Watchdog;
  // Only this thread writes: an atomic addition would cost more for nothing.
  void turn() { turn_.store(turn_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }
  void recover();

  Watchdog& watchdog_;
  lua_State* L_;
  pthread_t thread_;
  std::atomic<uint64_t> turn_{0};  // odd while script code runs
  std::atomic<bool> stopping_{false};
  // The watchdog's own.
  uint64_t seen_turn_ = 0;
  Instant seen_at_{};
};

// One per process. A script that has run for `limit` without waiting gets a Lua error at its
// current line. If it still runs after as long again (it is in one long C call, say), the process
// ends with a message that names the last known line and exit code 107.
class Watchdog {
 public:
  // A limit of zero watches nothing.
  explicit Watchdog(Duration limit);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  bool watching() const { return limit_ > Duration::zero(); }

 private:
  friend class Watched;
  void add(Watched* watched);
  void remove(Watched* watched);
  void run();
  void check(Watched& watched, Instant now);
  void hold_profiler();
  void release_profiler();

  const Duration limit_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Watched*> watched_;
  bool ending_ = false;
  LuaStatePtr dummy_;
  std::thread thread_;
};

}  // namespace perigee
