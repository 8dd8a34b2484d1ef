#include "modules/k8s/throttle.h"

#include <algorithm>
#include <cmath>

namespace perigee {
namespace {

constexpr double kSecondNs = 1e9;
constexpr double kLongestInterval = 1e18;  // some 30 years, which still adds up in 64 bits

int64_t interval_of(double qps) {
  return static_cast<int64_t>(std::clamp(std::round(kSecondNs / qps), 1.0, kLongestInterval));
}

int64_t product(int64_t interval, int64_t count) {
  const double sum = static_cast<double>(interval) * static_cast<double>(count);
  return static_cast<int64_t>(std::min(sum, kLongestInterval));
}

}  // namespace

Throttle::Throttle(double qps, int64_t burst)
    : interval_ns_(interval_of(qps)), reserve_ns_(product(interval_ns_, burst)) {}

std::optional<Instant> Throttle::reserve(Instant now, Instant until) {
  const int64_t now_ns = now.time_since_epoch().count();
  int64_t full = full_ns_.load(std::memory_order_relaxed);
  int64_t next_full = 0;
  int64_t turn = 0;
  do {
    next_full = std::max(full, now_ns) + interval_ns_;
    turn = std::max(now_ns, next_full - reserve_ns_);
    if (turn > until.time_since_epoch().count()) return std::nullopt;
  } while (!full_ns_.compare_exchange_weak(full, next_full, std::memory_order_relaxed));
  return Instant(Duration(turn));
}

Throttle& Throttles::of(const std::string& name, double qps, int64_t burst) {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<Throttle>& found = by_name_[name];
  if (!found) found = std::make_unique<Throttle>(qps, burst);
  return *found;
}

}  // namespace perigee
