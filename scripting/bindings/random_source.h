// Where functions that draw find the generator of the VU that calls them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/random_generator.h"

namespace perigee {

class ScriptHost;

// Those of one host share the generators. A VU that draws no number has none.
class RandomSource {
 public:
  explicit RandomSource(ScriptHost& host);

  // Of the running VU; seeded by the system until the VU has been given a seed.
  RandomGenerator& generator();
  // From now on the running VU draws what any VU with this seed draws.
  void seed(uint64_t seed);

 private:
  ScriptHost& host_;
  size_t slot_;
  uint64_t seeds_;
};

}  // namespace perigee
