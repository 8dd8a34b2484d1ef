// When the iterations of an open model are due.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/clock.h"
#include "engine/execution/scenario.h"

namespace perigee {

// The integral of a rate over time, and the instants at which it reaches a number. Pure: it holds
// no clock, so every worker computes the same plan and takes its stripe of it.
class ArrivalSchedule {
 public:
  // `rate` arrivals per `unit` for `length`, the first at once and none at the very end. The rate
  // may be fractional.
  ArrivalSchedule(double rate, Duration unit, Duration length);
  // The rate follows the stages. An arrival is due whenever the integral of the rate reaches a
  // whole number, the first at one; what is left of a stage counts in the next.
  ArrivalSchedule(double start_rate, Duration unit, const std::vector<Stage<double>>& stages);

  // From `at` on the rate is another; arrivals due before keep their instants. `at` must not lie
  // before an earlier change.
  void change_rate(Duration at, double rate, Duration unit);

  // Offset from the start of the scenario at which arrival `n` (from 0) is due; nothing once the
  // length is over.
  std::optional<Duration> due(uint64_t n) const;
  // How many arrivals there are in all.
  uint64_t total() const;

  // When the integral reaches `arrivals`; nothing if it never does.
  std::optional<Duration> instant_of(double arrivals) const;
  // Arrivals per second at `offset`.
  double rate_at(Duration offset) const;

 private:
  // A stretch in which the rate, in arrivals per nanosecond, changes evenly.
  struct Stretch {
    Duration start;
    Duration length;
    double from;
    double to;
    double before;  // the integral at its start

    double slope() const;
    double area() const { return (from + to) / 2 * static_cast<double>(length.count()); }
    double reached() const { return before + area(); }
    double rate_at(Duration offset) const;
    Duration instant_of(double arrivals) const;
  };

  void add(Duration length, double from, double to);

  double first_;  // the integral at which the first arrival is due: 0 or 1
  Duration length_{};
  std::vector<Stretch> stretches_;
};

// Of a scenario that is open.
ArrivalSchedule arrival_schedule(const Scenario& scenario);

}  // namespace perigee
