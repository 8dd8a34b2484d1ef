// Lets so many loads run at a time; the others wait for their turn.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <utility>

#include "engine/base/clock.h"

namespace perigee {

class LoadQueue {
 public:
  // Begins the load at `at` and returns true, or returns false where it is not wanted any more.
  using Begin = std::function<bool(Instant at)>;

  explicit LoadQueue(size_t max_running) : max_running_(max_running) {}

  void add(Begin begin, Instant now) {
    waiting_.push_back(std::move(begin));
    start(now);
  }
  // One that had begun has ended.
  void ended(Instant now) {
    --running_;
    start(now);
  }

 private:
  void start(Instant now) {
    while (running_ < max_running_ && !waiting_.empty()) {
      const Begin begin = std::move(waiting_.front());
      waiting_.pop_front();
      if (begin(now)) ++running_;
    }
  }

  const size_t max_running_;
  size_t running_ = 0;
  std::deque<Begin> waiting_;
};

}  // namespace perigee
