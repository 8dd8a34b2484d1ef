// Random numbers that can be repeated: a small generator for each VU.
#pragma once

#include <array>
#include <cstdint>
#include <limits>

namespace perigee {

// xoshiro256++ by Blackman and Vigna; fits the distributions of <random>.
class RandomGenerator {
 public:
  using result_type = uint64_t;

  explicit RandomGenerator(uint64_t seed);

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }
  result_type operator()();

  // From 0 to below 1, in steps of 2^-53.
  double unit() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }

 private:
  std::array<uint64_t, 4> state_;
};

// The next seed of a row of them, none like the others.
uint64_t next_seed(uint64_t& row);

}  // namespace perigee
