// Everything that a report shows of a run, as a value that all formats are made from.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/metrics/aggregator.h"
#include "engine/metrics/histogram.h"
#include "engine/output/summary.h"
#include "engine/reports/time_series.h"
#include "engine/results/records.h"

namespace perigee::reports {

// The requests of one name.
struct NamedRequests {
  std::string protocol;  // "http" or "grpc"
  std::string name;
  uint64_t count = 0;
  uint64_t failed = 0;
  std::map<std::string, uint64_t> statuses{};
  Histogram latency{};  // in milliseconds

  double failed_share() const {
    return count == 0 ? 0 : static_cast<double>(failed) / static_cast<double>(count);
  }
};

// What went wrong alike.
struct FailureKind {
  std::string kind;    // "HTTP 503", "HTTP error 1212", "check", "dropped_iterations"
  std::string detail;  // of errors their text, of checks their name
  uint64_t count = 0;
};

// The distribution of a whole metric.
struct TrendTotal {
  MetricId id = 0;
  std::string name;
  ValueKind contains = ValueKind::kDefault;
  Histogram values{};
};

struct Report {
  results::Header header;
  results::End end;
  Summary summary;
  std::vector<TimeStep> steps;
  // Of all metrics, so that the totals of steps have names.
  std::vector<Metric> metrics;
  // The most frequent ones first.
  std::vector<NamedRequests> names;
  std::vector<FailureKind> failures;
  // Those that people look at first come first.
  std::vector<TrendTotal> trends;

  bool ended() const { return end.reason == "complete"; }
  int64_t max_vus() const;
  // How many thresholds there are, and how many of them have failed.
  size_t thresholds() const;
  size_t failed_thresholds() const;
};

Report make_report(const Aggregator& aggregator, const TimeSeries& series, Summary summary,
                   results::Header header, results::End end);

// The metric of that name; null if the run has none.
const Metric* find_metric(const Report& report, std::string_view name);

}  // namespace perigee::reports
