// The course of a run as a bounded number of steps, for charts, tables and comparisons.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/metrics/histogram.h"
#include "engine/metrics/registry.h"
#include "engine/metrics/sink.h"
#include "engine/metrics/snapshot_recorder.h"

namespace perigee::reports {

inline constexpr size_t kMaxSteps = 3600;
// Statuses that are kept apart; the responses of all others are counted together as kOtherStatuses.
inline constexpr size_t kMaxStatuses = 24;
inline constexpr std::string_view kOtherStatuses = "others";

// Names whose requests are kept apart: the first ones; those of all others are kOtherNames.
inline constexpr size_t kMaxNames = 8;
inline constexpr std::string_view kOtherNames = "others";

// What a stretch of the run measured. Times are since the run's beginning.
struct TimeStep {
  Duration from{};
  Duration to{};
  // Whether the load went on in it: not so during setup and teardown.
  bool loading = false;
  int64_t vus = 0;
  std::map<MetricId, Sink> totals{};
  // HTTP requests and gRPC calls by the status of their response.
  std::map<std::string, uint64_t> statuses{};
  // How long they took, by their name.
  std::map<std::string, Histogram> names{};

  double seconds() const { return to_seconds(to - from); }
  // The metric's total; null without a sample.
  const Sink* find(MetricId metric) const;
  // Adds the step that follows this one.
  void append(const TimeStep& next);
};

// A tick ends a step, but one that comes soon after another only makes that one's step longer. Past
// `room` steps neighbours are merged, and every step from then on is twice as long.
class TimeSeries final : public SnapshotRecorder {
 public:
  // The registry must outlive the series, and may grow.
  explicit TimeSeries(const MetricRegistry& registry, size_t room = kMaxSteps);

  void begin(TimeOrigin origin) override;
  void add(const Snapshot& snapshot) override;
  void tick(const RunMoment& moment) override;

  const MetricRegistry& registry() const { return registry_; }
  // When the run began, by the calendar.
  WallTime started() const { return origin_.wall; }
  const std::vector<TimeStep>& steps() const { return steps_; }

 private:
  void count_statuses(const SeriesDelta& delta);
  void add_name(const SeriesDelta& delta);
  void merge_neighbours();

  const MetricRegistry& registry_;
  size_t room_;
  size_t ticks_per_step_ = 1;
  size_t ticks_in_last_ = 0;
  TimeOrigin origin_{};
  TimeStep open_;
  std::set<std::string> names_;
  std::vector<TimeStep> steps_;
};

// The steps, neighbours merged until there are at most `room`.
std::vector<TimeStep> coarsened(const std::vector<TimeStep>& steps, size_t room);

}  // namespace perigee::reports
