// A metric, or a part of one, with its figures as a summary shows them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/metrics/aggregate.h"
#include "engine/metrics/metric.h"
#include "engine/metrics/sink.h"

namespace perigee {

struct SummaryThreshold {
  // The expression as written.
  std::string source;
  Aggregate aggregate;
  bool ok = true;
  // Nothing without samples, or if it is not known.
  std::optional<double> observed{};
};

// Figures by name, in the order in which they are shown: count and rate of a counter; value, min
// and max of a gauge; rate, passes and fails of a rate; the wanted statistics of a trend.
using SummaryValues = std::vector<std::pair<std::string, double>>;

// The figures of a sink. Rates are per second of the load.
SummaryValues summary_values(const Sink& sink, double load_seconds,
                             const std::vector<Aggregate>& trend_stats);

// Whether a summary always shows the metric, as k6 does: parsers of CI rely on it.
bool is_always_shown(std::string_view metric);

// Requests that failed alike.
struct SummaryFailure {
  std::string name;  // "status 503", "no response"
  uint64_t count = 0;
};

struct SummaryMetric {
  // "http_reqs", or "http_reqs{scenario:steady}" as the thresholds' author wrote it.
  std::string name;
  // The metric it is part of, and which part: "http_reqs" and "scenario:steady". Both empty for a
  // whole metric.
  std::string parent{};
  std::string suffix{};
  MetricKind kind = MetricKind::kCounter;
  ValueKind contains = ValueKind::kDefault;
  // Its figures are 0 because nothing was measured.
  bool no_samples = false;
  SummaryValues values{};
  std::vector<SummaryThreshold> thresholds{};
  // Of a rate of failures the most frequent ones first, as far as samples have the tag `status`.
  std::vector<SummaryFailure> failures{};

  bool is_submetric() const { return !parent.empty(); }
  // The name of the whole metric.
  const std::string& whole() const { return is_submetric() ? parent : name; }
  // One of the values; 0 if it is not among them.
  double value(std::string_view stat) const;
};

}  // namespace perigee
