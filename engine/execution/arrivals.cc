#include "engine/execution/arrivals.h"

#include <cmath>

namespace perigee {

// Spelt out, since the distributions of the standard library differ from one to the next.
double PoissonProcess::position(uint64_t n) {
  constexpr double kUnit = 0x1p-53;
  for (; drawn_ <= n; ++drawn_)
    position_ -= std::log1p(-static_cast<double>(random_() >> 11) * kUnit);
  return position_;
}

Arrivals::Arrivals(const Scenario& scenario)
    : schedule_(arrival_schedule(scenario)), share_(scenario.share) {
  if (const auto seed = scenario.arrival_rules()->poisson_seed) process_.emplace(*seed);
}

// A process of unit rate, its time stretched by the integral of the rate, has that rate.
std::optional<Duration> Arrivals::due(uint64_t n) {
  const uint64_t number = share_.nth(n);
  if (!process_) return schedule_.due(number);
  return schedule_.instant_of(process_->position(number));
}

}  // namespace perigee
