// Adds up what the workers measured: totals, submetrics, checks, the time line, thresholds.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/clock.h"
#include "engine/metrics/check_totals.h"
#include "engine/metrics/registry.h"
#include "engine/metrics/shard.h"
#include "engine/metrics/sink.h"
#include "engine/metrics/snapshot.h"
#include "engine/metrics/tags.h"
#include "engine/metrics/threshold.h"
#include "engine/metrics/timeline.h"

namespace perigee {

// The part of a metric that a selector names.
struct Submetric {
  MetricSelector selector;
  MetricId metric = 0;
  Sink sink;
};

struct SeriesTotal {
  MetricId metric = 0;
  std::shared_ptr<const TagSet> tags;
  Sink sink;
};

struct ThresholdVerdict {
  // The metric or submetric as the thresholds' author wrote it.
  std::string selector;
  Threshold threshold;
  bool ok = true;
  // Nothing if there were no samples; but 0 of a counter of failures.
  std::optional<double> observed{};
};

struct ThresholdReport {
  std::vector<ThresholdVerdict> verdicts;
  bool failed = false;
  // Whether one that failed asks for the run's end.
  bool abort = false;
};

// Used on the main thread only. Its memory grows with the number of series, which is bounded, and
// not with the length of the run.
class Aggregator {
 public:
  // The registry must outlive the aggregator, and may grow; as must the tap, which may be missing
  // and sees the samples the aggregator makes itself (vus, vus_max) with the tags of the run.
  Aggregator(const MetricRegistry& registry, ThresholdSet thresholds, const TagSet& run_tags = {},
             SampleTap* tap = nullptr);

  // Adds an interval of one worker. Snapshots may come in any order.
  void add(Snapshot&& snapshot);

  // Samples vus and vus_max, the sums over the workers' last snapshots, unless all workers are
  // done, and ends an interval of the time line. Called once a second, and at the end.
  void tick(Instant now);

  // Judges every threshold. During the run those without samples pass; what becomes of them in the
  // `final` evaluation is said by the thresholds' `no_samples`. `test_elapsed` is what
  // delayAbortEval is compared with.
  ThresholdReport evaluate_thresholds(double load_seconds, Duration test_elapsed, bool final) const;

  const MetricRegistry& registry() const { return registry_; }
  const ThresholdSet& thresholds() const { return thresholds_; }

  // Everything of one metric; nothing if it has no samples.
  const Sink* total(MetricId metric) const;
  // The metrics that have samples, in the order in which they first had one.
  const std::vector<MetricId>& seen() const { return seen_; }
  // Those of thresholds and http_req_duration{expected_response:true}, samples or not.
  const std::vector<Submetric>& submetrics() const { return submetrics_; }
  // In the order in which they were first seen.
  const std::vector<SeriesTotal>& series() const { return series_; }
  const CheckTotals& checks() const { return checks_; }
  const Timeline& timeline() const { return timeline_; }

  // Sums over the workers' last snapshots.
  int64_t vus_active() const;
  int64_t vus_initialized() const;

 private:
  struct Vus {
    int64_t active = 0;
    int64_t initialized = 0;
    bool last = false;
  };

  void add_delta(SeriesDelta&& delta);
  SeriesTotal& find_series(const SeriesDelta& delta);
  Sink& total_of(MetricId metric);
  void sample(std::string_view metric, int64_t value, Instant at);
  const Sink* sink_of(const MetricThresholds& entry) const;
  bool holds_without_samples(const Threshold& threshold, MetricKind kind) const;
  bool is_zero(const MetricThresholds& entry) const;

  const MetricRegistry& registry_;
  ThresholdSet thresholds_;
  SampleTap* tap_;
  TagSets tags_;
  TagSetId run_tags_;
  std::map<uint32_t, Vus> vus_;
  std::vector<Sink> totals_;
  std::vector<MetricId> seen_;
  std::vector<Submetric> submetrics_;
  std::vector<SeriesTotal> series_;
  std::unordered_map<uint64_t, size_t> series_ids_;
  CheckTotals checks_;
  Timeline timeline_;
  std::optional<Instant> started_;
};

}  // namespace perigee
