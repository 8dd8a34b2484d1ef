#include "modules/sync/counter.h"

#include <algorithm>

namespace perigee::sync {

Counter::Counter(CounterRange range)
    : range_(range), value_(std::clamp(0.0, range.min, range.max)) {}

std::optional<double> Counter::add(double amount) {
  const std::lock_guard guard(mutex_);
  const double sum = value_ + amount;
  if (sum < range_.min || sum > range_.max) return std::nullopt;
  return value_ = sum;
}

double Counter::value() const {
  const std::lock_guard guard(mutex_);
  return value_;
}

}  // namespace perigee::sync
