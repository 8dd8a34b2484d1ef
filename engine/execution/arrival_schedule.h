// When the iterations of an open model are due.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/clock.h"

namespace perigee {

// A pure function of the iteration's number: it holds no clock, so every worker computes the same
// plan and takes its stripe of it.
class ArrivalSchedule {
 public:
  // `rate` arrivals per `unit` for `length`, the first at once. The rate may be fractional.
  ArrivalSchedule(double rate, Duration unit, Duration length);

  // From `at` on the rate is another; arrivals due before keep their instants. `at` must not lie
  // before an earlier change.
  void change_rate(Duration at, double rate, Duration unit);

  // Offset from the start of the scenario at which arrival `n` (from 0) is due; nothing once the
  // length is over.
  std::optional<Duration> due(uint64_t n) const;

  // How many arrivals there are in all.
  uint64_t total() const;

 private:
  // A stretch of one rate: arrival `first + k` is due `k` intervals after `start`.
  struct Stretch {
    Duration start;
    double interval_ns;
    uint64_t first;
  };

  const Stretch& stretch_of(uint64_t n) const;
  Duration instant_of(const Stretch& stretch, uint64_t n) const;
  uint64_t arrivals_before(Duration at) const;

  Duration length_;
  std::vector<Stretch> stretches_;
};

}  // namespace perigee
