// The arrivals of an open model as they come: evenly, or at random at the same rate.
#pragma once

#include <cstdint>
#include <optional>
#include <random>

#include "engine/base/clock.h"
#include "engine/execution/arrival_schedule.h"
#include "engine/execution/scenario.h"

namespace perigee {

// A Poisson process of one arrival per unit of time. The same seed gives the same process on every
// machine.
class PoissonProcess {
 public:
  explicit PoissonProcess(uint64_t seed) : random_(seed) {}

  // When arrival `n` (from 0) comes; `n` must not fall from call to call.
  double position(uint64_t n);

 private:
  std::mt19937_64 random_;
  uint64_t drawn_ = 0;
  double position_ = 0;
};

// Every worker of every instance goes through the same arrivals and picks out its own, so what they
// do together does not depend on how many they are.
class Arrivals {
 public:
  explicit Arrivals(const Scenario& scenario);

  // When the n-th arrival of this instance is due, as an offset from the start of the scenario;
  // nothing once the schedule is over. `n` must not fall from call to call.
  std::optional<Duration> due(uint64_t n);
  // See ArrivalSchedule.
  void change_rate(Duration at, double rate, Duration unit) {
    schedule_.change_rate(at, rate, unit);
  }

 private:
  ArrivalSchedule schedule_;
  SegmentShare share_;
  std::optional<PoissonProcess> process_;  // nothing: arrivals come evenly
};

}  // namespace perigee
