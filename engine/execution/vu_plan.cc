#include "engine/execution/vu_plan.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace perigee {
namespace {

// Nanoseconds of a long run times a number of VUs do not fit 64 bits.
__extension__ typedef unsigned __int128 Wide;

// a * b / c, rounded down.
int64_t scale(int64_t a, int64_t b, int64_t c) {
  return static_cast<int64_t>(static_cast<Wide>(a) * static_cast<Wide>(b) / static_cast<Wide>(c));
}

int64_t scale_up(int64_t a, int64_t b, int64_t c) {
  const Wide product = static_cast<Wide>(a) * static_cast<Wide>(b);
  return static_cast<int64_t>((product + static_cast<Wide>(c) - 1) / static_cast<Wide>(c));
}

}  // namespace

VuPlan::VuPlan(int64_t start_vus, const std::vector<Stage<int64_t>>& stages,
               Duration graceful_ramp_down, SegmentShare share)
    : start_vus_(start_vus), graceful_ramp_down_(graceful_ramp_down), share_(std::move(share)) {
  Duration start{};
  int64_t from = start_vus;
  for (const auto& stage : stages) {
    ramps_.push_back({start, stage.duration, from, stage.target});
    start += stage.duration;
    from = stage.target;
  }
}

int64_t VuPlan::whole_vus_at(Duration offset) const {
  for (const Ramp& ramp : ramps_) {
    if (offset >= ramp.start + ramp.length) continue;
    const int64_t steps =
        scale((offset - ramp.start).count(), std::abs(ramp.to - ramp.from), ramp.length.count());
    return ramp.to > ramp.from ? ramp.from + steps : ramp.from - steps;
  }
  return ramps_.empty() ? start_vus_ : ramps_.back().to;
}

// The most of the time since the graceful ramp-down before `offset`. Within a stage the extremes
// are at its ends, so those are all there is to look at.
int64_t VuPlan::whole_held_at(Duration offset) const {
  const Duration since = std::max(Duration::zero(), offset - graceful_ramp_down_);
  int64_t most = std::max(whole_vus_at(since), whole_vus_at(offset));
  for (const Ramp& ramp : ramps_) {
    const Duration end = ramp.start + ramp.length;
    if (end <= since || end > offset || ramp.length == Duration::zero()) continue;
    most = std::max({most, whole_vus_at(end - Duration(1)), whole_vus_at(end)});
  }
  return most;
}

int64_t VuPlan::vus_at(Duration offset) const {
  return static_cast<int64_t>(share_.count(static_cast<uint64_t>(whole_vus_at(offset))));
}

int64_t VuPlan::held_at(Duration offset) const {
  return static_cast<int64_t>(share_.count(static_cast<uint64_t>(whole_held_at(offset))));
}

std::optional<Duration> VuPlan::next_step(Duration offset) const {
  for (const Ramp& ramp : ramps_) {
    const Duration end = ramp.start + ramp.length;
    if (offset >= end) continue;
    const int64_t difference = std::abs(ramp.to - ramp.from);
    if (difference == 0) return end;
    const int64_t steps = scale((offset - ramp.start).count(), difference, ramp.length.count());
    return ramp.start + Duration(scale_up(steps + 1, ramp.length.count(), difference));
  }
  return std::nullopt;
}

std::optional<Duration> VuPlan::next_change(Duration offset) const {
  const auto step = next_step(offset);
  if (graceful_ramp_down_ == Duration::zero()) return step;
  const auto held = next_step(std::max(Duration::zero(), offset - graceful_ramp_down_));
  if (!held) return step;
  return std::min(step.value_or(Duration::max()), *held + graceful_ramp_down_);
}

VuPlan vu_plan(const Scenario& scenario) {
  const auto* ramping = std::get_if<RampingVus>(&scenario.config);
  if (ramping == nullptr) return VuPlan(scenario.planned_vus());
  return {ramping->start_vus, ramping->stages, ramping->graceful_ramp_down, scenario.share};
}

}  // namespace perigee
