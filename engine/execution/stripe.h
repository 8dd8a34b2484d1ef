// The share of a numbered plan that one worker takes.
#pragma once

#include <cstdint>

namespace perigee {

// Of the numbers 0, 1, 2, ... those with n % count == index.
struct Stripe {
  uint64_t index = 0;
  uint64_t count = 1;

  // The k-th number of the stripe.
  uint64_t nth(uint64_t k) const { return index + k * count; }
  // How many of the first `total` numbers are in it.
  uint64_t share(uint64_t total) const { return total / count + (index < total % count ? 1 : 0); }
};

}  // namespace perigee
