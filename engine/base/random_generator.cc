#include "engine/base/random_generator.h"

#include <bit>

namespace perigee {

// splitmix64 by Steele, Lea and Flood.
uint64_t next_seed(uint64_t& row) {
  row += 0x9e3779b97f4a7c15U;
  uint64_t mixed = row;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
  return mixed ^ (mixed >> 31);
}

RandomGenerator::RandomGenerator(uint64_t seed) : state_{} {
  for (uint64_t& word : state_)
    word = next_seed(seed);
}

RandomGenerator::result_type RandomGenerator::operator()() {
  auto& [a, b, c, d] = state_;
  const uint64_t result = std::rotl(a + d, 23) + a;
  const uint64_t shifted = b << 17;
  c ^= a;
  d ^= b;
  b ^= c;
  a ^= d;
  c ^= shifted;
  d = std::rotl(d, 45);
  return result;
}

}  // namespace perigee
