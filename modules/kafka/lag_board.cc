#include "modules/kafka/lag_board.h"

namespace perigee::kafka {

void LagBoard::add(const TopicLags& lags, int64_t factor, TopicLags& touched) {
  for (const auto& [topic, lag] : lags) {
    total_ += factor * lag;
    touched[topic] = sums_[topic] += factor * lag;
  }
}

LagBoard::Sums LagBoard::set(const void* consumer, const TopicLags& lags) {
  const std::lock_guard lock(mutex_);
  TopicLags touched;
  TopicLags& known = lags_[consumer];
  add(known, -1, touched);
  add(lags, 1, touched);
  known = lags;
  return {.total = total_, .topics = touched};
}

}  // namespace perigee::kafka
