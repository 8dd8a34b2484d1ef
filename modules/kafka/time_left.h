// The time limit of a call that asks brokers several times.
#pragma once

#include <algorithm>
#include <chrono>

namespace perigee::kafka {

class TimeLeft {
 public:
  explicit TimeLeft(std::chrono::milliseconds timeout) : until_(Clock::now() + timeout) {}

  bool over() const { return Clock::now() >= until_; }
  // In milliseconds; 1 when it is over, because the library takes 0 for no limit.
  int ms() const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until_ - Clock::now());
    return static_cast<int>(std::max(left, std::chrono::milliseconds(1)).count());
  }

 private:
  using Clock = std::chrono::steady_clock;

  const Clock::time_point until_;
};

}  // namespace perigee::kafka
