// Things that wait, each for an instant of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

#include "engine/base/clock.h"

namespace perigee {

// Holds no timer: who owns it arms one for `next`.
template <typename T>
class WakeQueue {
 public:
  void add(Instant at, T item) { waiting_.push({at, added_++, item}); }
  std::optional<Instant> next() const {
    return waiting_.empty() ? std::nullopt : std::optional(waiting_.top().at);
  }
  // Those whose instant has come, the earliest first, as they came where that is the same.
  std::vector<T> take_due(Instant now) {
    std::vector<T> due;
    for (; !waiting_.empty() && waiting_.top().at <= now; waiting_.pop())
      due.push_back(waiting_.top().item);
    return due;
  }

 private:
  struct Waiting {
    Instant at;
    uint64_t order;
    T item;

    bool operator<(const Waiting& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  std::priority_queue<Waiting> waiting_;
  uint64_t added_ = 0;
};

}  // namespace perigee
