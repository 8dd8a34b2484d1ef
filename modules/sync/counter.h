// A number that all VUs of a run have in common.
#pragma once

#include <limits>
#include <mutex>
#include <optional>

namespace perigee::sync {

// What the number never leaves.
struct CounterRange {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();

  bool operator==(const CounterRange&) const = default;
};

// From any thread. It begins at 0, or at what is nearest to it in the range.
class Counter {
 public:
  explicit Counter(CounterRange range);

  const CounterRange& range() const { return range_; }
  // What it is afterwards; nothing if that were out of its range, and it stays what it was.
  std::optional<double> add(double amount);
  double value() const;

 private:
  const CounterRange range_;
  mutable std::mutex mutex_;
  double value_;
};

}  // namespace perigee::sync
