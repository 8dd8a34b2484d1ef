#include "target/token_times.h"

namespace perigee {

void TokenTimes::merge(const TokenTimes& other) {
  streams += other.streams;
  first.merge(other.first);
  gaps.merge(other.gaps);
}

void TokenRecord::first_token(Duration after_request) {
  const std::lock_guard lock(mutex_);
  ++times_.streams;
  times_.first.add(to_ms(after_request));
}

void TokenRecord::next_token(Duration after_last) {
  const std::lock_guard lock(mutex_);
  times_.gaps.add(to_ms(after_last));
}

TokenTimes TokenRecord::read() const {
  const std::lock_guard lock(mutex_);
  return times_;
}

void TokenRecord::clear() {
  const std::lock_guard lock(mutex_);
  times_ = {};
}

}  // namespace perigee
