#include "scripting/zipf_distribution.h"

#include <algorithm>
#include <cmath>

namespace perigee {
namespace {

// log(1 + x) / x and (exp(x) - 1) / x, also where x is next to nothing.
double log1p_ratio(double x) {
  return std::fabs(x) > 1e-8 ? std::log1p(x) / x : 1 - x / 2;
}

double expm1_ratio(double x) {
  return std::fabs(x) > 1e-8 ? std::expm1(x) / x : 1 + x / 2;
}

}  // namespace

ZipfDistribution::ZipfDistribution(uint64_t ranks, double exponent)
    : ranks_(static_cast<double>(ranks)), exponent_(exponent) {
  first_area_ = integral(1.5) - 1;
  last_area_ = integral(ranks_ + 0.5);
  surely_ = 2 - inverse_integral(integral(2.5) - weight(2));
}

uint64_t ZipfDistribution::operator()(RandomGenerator& generator) const {
  for (;;) {
    const double area = last_area_ + generator.unit() * (first_area_ - last_area_);
    const double x = inverse_integral(area);
    const double rank = std::clamp(std::floor(x + 0.5), 1.0, ranks_);
    if (rank - x <= surely_ || area >= integral(rank + 0.5) - weight(rank)) {
      return static_cast<uint64_t>(rank);
    }
  }
}

double ZipfDistribution::weight(double rank) const {
  return std::exp(-exponent_ * std::log(rank));
}

double ZipfDistribution::integral(double rank) const {
  const double log_rank = std::log(rank);
  return expm1_ratio((1 - exponent_) * log_rank) * log_rank;
}

double ZipfDistribution::inverse_integral(double area) const {
  // Rounding must not take it below what the logarithm is defined for.
  const double x = std::max(-1.0, area * (1 - exponent_));
  return std::exp(log1p_ratio(x) * area);
}

}  // namespace perigee
