#include "engine/execution/arrival_schedule.h"

#include <algorithm>
#include <cmath>

namespace perigee {
namespace {

constexpr double kNanosecondsPerSecond = 1e9;

double per_ns(double rate, Duration unit) {
  return rate / static_cast<double>(unit.count());
}

// How far a sum over stages may miss a whole number that it means.
double tolerance(double arrivals) {
  return 1e-9 + arrivals * 1e-13;
}

}  // namespace

double ArrivalSchedule::Stretch::slope() const {
  return from == to ? 0 : (to - from) / static_cast<double>(length.count());
}

double ArrivalSchedule::Stretch::rate_at(Duration offset) const {
  return from + slope() * static_cast<double>((offset - start).count());
}

// Solves from * x + slope / 2 * x² = arrivals - before, in the form that loses no digits when the
// slope is small. The end of the stretch stands for all instants beyond it.
Duration ArrivalSchedule::Stretch::instant_of(double arrivals) const {
  const double wanted = arrivals - before;
  if (wanted <= 0) return start;
  const double root = std::sqrt(std::max(0.0, from * from + 2 * slope() * wanted));
  const double offset = 2 * wanted / (from + root);
  if (!(offset < static_cast<double>(length.count()))) return start + length;
  return start + Duration(std::llround(offset));
}

ArrivalSchedule::ArrivalSchedule(double rate, Duration unit, Duration length) : first_(0) {
  add(length, per_ns(rate, unit), per_ns(rate, unit));
}

ArrivalSchedule::ArrivalSchedule(double start_rate, Duration unit,
                                 const std::vector<Stage<double>>& stages)
    : first_(1) {
  double from = per_ns(start_rate, unit);
  for (const auto& stage : stages) {
    const double to = per_ns(stage.target, unit);
    add(stage.duration, from, to);
    from = to;
  }
}

void ArrivalSchedule::add(Duration length, double from, double to) {
  const double before = stretches_.empty() ? 0 : stretches_.back().reached();
  stretches_.push_back({length_, length, from, to, before});
  length_ += length;
}

void ArrivalSchedule::change_rate(Duration at, double rate, Duration unit) {
  if (at >= length_) return;
  const Duration whole = length_;
  while (stretches_.size() > 1 && stretches_.back().start > at)
    stretches_.pop_back();
  Stretch& cut = stretches_.back();
  cut.to = cut.rate_at(at);
  cut.length = at - cut.start;
  length_ = at;
  add(whole - at, per_ns(rate, unit), per_ns(rate, unit));
}

std::optional<Duration> ArrivalSchedule::instant_of(double arrivals) const {
  const double least = arrivals - tolerance(arrivals);
  const auto stretch =
      std::find_if(stretches_.begin(), stretches_.end(),
                   [least](const Stretch& candidate) { return candidate.reached() >= least; });
  if (stretch == stretches_.end()) return std::nullopt;
  return stretch->instant_of(arrivals);
}

std::optional<Duration> ArrivalSchedule::due(uint64_t n) const {
  const auto due = instant_of(static_cast<double>(n) + first_);
  // One that is due at once leaves no room for one at the end.
  return first_ == 0 && due == length_ ? std::nullopt : due;
}

uint64_t ArrivalSchedule::total() const {
  // The integral may be off by a rounding; the instants themselves decide.
  auto n = static_cast<uint64_t>(stretches_.back().reached());
  while (n > 0 && !due(n - 1))
    --n;
  while (due(n))
    ++n;
  return n;
}

double ArrivalSchedule::rate_at(Duration offset) const {
  for (const Stretch& stretch : stretches_) {
    if (offset < stretch.start + stretch.length) {
      return stretch.rate_at(offset) * kNanosecondsPerSecond;
    }
  }
  return stretches_.back().to * kNanosecondsPerSecond;
}

ArrivalSchedule arrival_schedule(const Scenario& scenario) {
  if (const auto* ramping = std::get_if<RampingArrivalRate>(&scenario.config)) {
    return {ramping->start_rate, ramping->time_unit, ramping->stages};
  }
  const auto& constant = std::get<ConstantArrivalRate>(scenario.config);
  return {constant.rate, constant.time_unit, constant.duration};
}

}  // namespace perigee
