// Ranks as popularity makes them: rank k comes up in proportion to 1 / k^exponent.
#pragma once

#include <cstdint>

#include "engine/base/random_generator.h"

namespace perigee {

// By rejection and inversion (Hoermann and Derflinger 1996): no table, the same time for any number
// of ranks.
class ZipfDistribution {
 public:
  // `ranks` is at least 1, `exponent` above 0.
  ZipfDistribution(uint64_t ranks, double exponent);

  // From 1 to `ranks`.
  uint64_t operator()(RandomGenerator& generator) const;

 private:
  double weight(double rank) const;
  double integral(double rank) const;
  double inverse_integral(double area) const;

  double ranks_;
  double exponent_;
  double first_area_;
  double last_area_;
  double surely_;  // so close to a rank nothing is rejected
};

}  // namespace perigee
