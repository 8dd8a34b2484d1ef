#include "engine/metrics/timeline.h"

#include <algorithm>
#include <utility>

namespace perigee {
namespace {

void append(Timeline::Interval& into, const Timeline::Interval& next) {
  into.to = next.to;
  for (const auto& [metric, sink] : next.totals) {
    into.totals.try_emplace(metric, sink.kind()).first->second.merge(sink);
  }
}

}  // namespace

Timeline::Timeline(size_t room) : room_(std::max<size_t>(room, 2)) {}

void Timeline::add(MetricId metric, const Sink& sink) {
  open_.totals.try_emplace(metric, sink.kind()).first->second.merge(sink);
}

void Timeline::tick(Instant from, Instant now) {
  Interval ended = std::exchange(open_, {});
  ended.from = intervals_.empty() ? from : intervals_.back().to;
  ended.to = now;
  if (ticks_in_last_ == ticks_per_interval_ && intervals_.size() == room_) merge_neighbours();
  if (intervals_.empty() || ticks_in_last_ == ticks_per_interval_) {
    intervals_.push_back(std::move(ended));
    ticks_in_last_ = 1;
  } else {
    append(intervals_.back(), ended);
    ++ticks_in_last_;
  }
}

void Timeline::merge_neighbours() {
  std::vector<Interval> merged;
  for (size_t i = 0; i < intervals_.size(); i += 2) {
    merged.push_back(std::move(intervals_[i]));
    if (i + 1 < intervals_.size()) append(merged.back(), intervals_[i + 1]);
  }
  // One without a neighbour is filled up by the ticks to come.
  if (intervals_.size() % 2 == 0) ticks_in_last_ = ticks_per_interval_ * 2;
  ticks_per_interval_ *= 2;
  intervals_ = std::move(merged);
}

}  // namespace perigee
