// The course of a run in a bounded number of intervals.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/limits.h"
#include "engine/metrics/metric.h"
#include "engine/metrics/sink.h"

namespace perigee {

// Equally long stretches of the run with each metric's total in it. Past `room` intervals,
// neighbours are merged and every interval from then on is twice as long.
class Timeline {
 public:
  struct Interval {
    Instant from{};
    Instant to{};
    std::map<MetricId, Sink> totals;
  };

  explicit Timeline(size_t room = limits::kTimelineIntervals);

  // Adds to the open interval.
  void add(MetricId metric, const Sink& sink);

  // Ends the open stretch at `now`; the first stretch begins at `from`.
  void tick(Instant from, Instant now);

  // In order of time, the open one excluded.
  const std::vector<Interval>& intervals() const { return intervals_; }

 private:
  void merge_neighbours();

  size_t room_;
  size_t ticks_per_interval_ = 1;
  size_t ticks_in_last_ = 0;
  Interval open_;
  std::vector<Interval> intervals_;
};

}  // namespace perigee
