#include "engine/execution/arrival_schedule.h"

#include <algorithm>
#include <cmath>

namespace perigee {
namespace {

// Longer than any run, so that an arrival this late is over, and within what instants can count.
constexpr double kNever = 9e18;

double interval_ns(double rate, Duration unit) {
  return std::min(static_cast<double>(unit.count()) / rate, kNever);
}

}  // namespace

ArrivalSchedule::ArrivalSchedule(double rate, Duration unit, Duration length)
    : length_(length), stretches_{{Duration::zero(), interval_ns(rate, unit), 0}} {}

void ArrivalSchedule::change_rate(Duration at, double rate, Duration unit) {
  const Duration start = std::min(at, length_);
  stretches_.push_back({start, interval_ns(rate, unit), arrivals_before(start)});
}

const ArrivalSchedule::Stretch& ArrivalSchedule::stretch_of(uint64_t n) const {
  size_t i = stretches_.size() - 1;
  while (i > 0 && stretches_[i].first > n)
    --i;
  return stretches_[i];
}

// The end of the schedule stands for all instants beyond it.
Duration ArrivalSchedule::instant_of(const Stretch& stretch, uint64_t n) const {
  const double offset = static_cast<double>(n - stretch.first) * stretch.interval_ns;
  const Duration left = length_ - stretch.start;
  if (offset >= static_cast<double>(left.count())) return length_;
  return stretch.start + Duration(std::llround(offset));
}

std::optional<Duration> ArrivalSchedule::due(uint64_t n) const {
  const Duration due = instant_of(stretch_of(n), n);
  return due < length_ ? std::optional(due) : std::nullopt;
}

uint64_t ArrivalSchedule::arrivals_before(Duration at) const {
  const Stretch& last = stretches_.back();
  const double intervals = static_cast<double>((at - last.start).count()) / last.interval_ns;
  uint64_t n = last.first + static_cast<uint64_t>(std::ceil(intervals));
  // The quotient may be off by a rounding; the instants themselves decide.
  while (n > last.first && instant_of(last, n - 1) >= at)
    --n;
  while (instant_of(last, n) < at)
    ++n;
  return n;
}

uint64_t ArrivalSchedule::total() const {
  return arrivals_before(length_);
}

}  // namespace perigee
