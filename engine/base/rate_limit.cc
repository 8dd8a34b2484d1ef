#include "engine/base/rate_limit.h"

#include <algorithm>

namespace perigee {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

int64_t interval_of(int64_t per_second) {
  return per_second <= 0 ? 0 : std::max<int64_t>(1, kSecond / per_second);
}

}  // namespace

RateLimit::RateLimit(int64_t per_second) : interval_ns_(interval_of(per_second)) {}

Instant RateLimit::reserve(Instant now) {
  if (unlimited()) return now;
  const int64_t now_ns = now.time_since_epoch().count();
  int64_t next = next_ns_.load(std::memory_order_relaxed);
  int64_t turn = 0;
  do {
    turn = std::max(next, now_ns);
  } while (!next_ns_.compare_exchange_weak(next, turn + interval_ns_, std::memory_order_relaxed));
  return Instant(Duration(turn));
}

}  // namespace perigee
