// How many VUs a closed model has at any instant.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/clock.h"
#include "engine/execution/scenario.h"
#include "engine/execution/segment_share.h"

namespace perigee {

// A pure function of the time since the scenario's start: every worker computes the same plan and
// takes its share of each number.
class VuPlan {
 public:
  // Always as many.
  explicit VuPlan(int64_t vus) : VuPlan(vus, {}, {}) {}
  // A ramp through the stages that then stays at the last target. It changes by one VU at a time,
  // at the instant at which the straight line reaches the next whole number.
  // All numbers are cut down to `share`.
  VuPlan(int64_t start_vus, const std::vector<Stage<int64_t>>& stages, Duration graceful_ramp_down,
         SegmentShare share = {});

  // VUs whose next iteration may start at `offset`.
  int64_t vus_at(Duration offset) const;
  // VUs that may run an iteration then: those that were taken away keep theirs for the graceful
  // ramp-down.
  int64_t held_at(Duration offset) const;
  // When the one or the other may change next, later than `offset`; nothing once all is settled.
  std::optional<Duration> next_change(Duration offset) const;

 private:
  struct Ramp {
    Duration start;
    Duration length;
    int64_t from;
    int64_t to;
  };

  int64_t whole_vus_at(Duration offset) const;
  int64_t whole_held_at(Duration offset) const;
  std::optional<Duration> next_step(Duration offset) const;

  std::vector<Ramp> ramps_;
  int64_t start_vus_;
  Duration graceful_ramp_down_;
  SegmentShare share_;
};

// Of a scenario that is not open.
VuPlan vu_plan(const Scenario& scenario);

}  // namespace perigee
