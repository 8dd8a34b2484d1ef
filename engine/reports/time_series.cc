#include "engine/reports/time_series.h"

#include <algorithm>
#include <utility>

#include "engine/reports/response_status.h"

namespace perigee::reports {
namespace {

// What the ends of load and run leave over: of so short a time no rate would mean anything.
constexpr Duration kShortStep = std::chrono::milliseconds(500);

bool counts_requests(std::string_view metric) {
  return metric == "http_reqs" || metric == "grpc_reqs";
}

bool times_requests(std::string_view metric) {
  return metric == "http_req_duration" || metric == "grpc_req_duration";
}

void count(std::map<std::string, uint64_t>& statuses, const std::string& status, uint64_t number) {
  const bool is_known = statuses.contains(status);
  const bool has_room = statuses.size() < kMaxStatuses;
  statuses[is_known || has_room ? status : std::string(kOtherStatuses)] += number;
}

}  // namespace

const Sink* TimeStep::find(MetricId metric) const {
  const auto found = totals.find(metric);
  return found == totals.end() ? nullptr : &found->second;
}

void TimeStep::append(const TimeStep& next) {
  to = next.to;
  loading |= next.loading;
  vus = std::max(vus, next.vus);
  for (const auto& [metric, sink] : next.totals)
    totals.try_emplace(metric, sink.kind()).first->second.merge(sink);
  for (const auto& [status, number] : next.statuses)
    count(statuses, status, number);
  for (const auto& [name, durations] : next.names)
    names[name].merge(durations);
}

TimeSeries::TimeSeries(const MetricRegistry& registry, size_t room)
    : registry_(registry), room_(std::max<size_t>(room, 2)) {}

void TimeSeries::begin(TimeOrigin origin) {
  origin_ = origin;
}

void TimeSeries::add(const Snapshot& snapshot) {
  for (const SeriesDelta& delta : snapshot.series) {
    open_.totals.try_emplace(delta.metric, delta.sink.kind()).first->second.merge(delta.sink);
    const std::string& metric = registry_.at(delta.metric).name;
    if (counts_requests(metric)) count_statuses(delta);
    if (times_requests(metric)) add_name(delta);
  }
}

void TimeSeries::count_statuses(const SeriesDelta& delta) {
  const std::string status = response_status(registry_.at(delta.metric).name, *delta.tags);
  count(open_.statuses, status, delta.sink.samples());
}

void TimeSeries::add_name(const SeriesDelta& delta) {
  const std::string name = tag_value(*delta.tags, "name");
  if (name.empty() || delta.sink.kind() != MetricKind::kTrend) return;
  const bool is_kept = names_.contains(name) || names_.size() < kMaxNames;
  if (is_kept) names_.insert(name);
  open_.names[is_kept ? name : std::string(kOtherNames)].merge(delta.sink.trend());
}

void TimeSeries::tick(const RunMoment& moment) {
  TimeStep ended = std::exchange(open_, {});
  ended.from = steps_.empty() ? Duration::zero() : steps_.back().to;
  ended.to = moment.at - origin_.instant;
  ended.loading = moment.loading;
  ended.vus = moment.loading ? moment.vus_active : 0;
  if (!steps_.empty() && ended.to - ended.from < kShortStep) {
    steps_.back().append(ended);
    return;
  }
  if (ticks_in_last_ == ticks_per_step_ && steps_.size() == room_) merge_neighbours();
  if (steps_.empty() || ticks_in_last_ == ticks_per_step_) {
    steps_.push_back(std::move(ended));
    ticks_in_last_ = 1;
  } else {
    steps_.back().append(ended);
    ++ticks_in_last_;
  }
}

void TimeSeries::merge_neighbours() {
  // One without a neighbour is filled up by the ticks to come.
  if (steps_.size() % 2 == 0) ticks_in_last_ = ticks_per_step_ * 2;
  ticks_per_step_ *= 2;
  steps_ = coarsened(steps_, (steps_.size() + 1) / 2);
}

std::vector<TimeStep> coarsened(const std::vector<TimeStep>& steps, size_t room) {
  const size_t each = (steps.size() + room - 1) / std::max<size_t>(room, 1);
  if (each <= 1) return steps;
  std::vector<TimeStep> merged;
  for (size_t i = 0; i < steps.size(); ++i) {
    if (i % each == 0) {
      merged.push_back(steps[i]);
    } else {
      merged.back().append(steps[i]);
    }
  }
  return merged;
}

}  // namespace perigee::reports
