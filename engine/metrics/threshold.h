// A condition that a metric must meet for the run to pass: "p(95)<200".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/metrics/aggregate.h"
#include "engine/metrics/registry.h"
#include "engine/metrics/selector.h"
#include "engine/metrics/sink.h"

namespace perigee {

enum class Comparison { kLess, kLessOrEqual, kGreater, kGreaterOrEqual, kEqual, kNotEqual };

struct Threshold {
  // The expression as written.
  std::string source;
  Aggregate aggregate;
  Comparison op = Comparison::kLess;
  double limit = 0;
  // Whether the run is to be aborted once this fails, but not before the run has lasted so long.
  bool abort_on_fail = false;
  Duration delay_abort_eval{};
};

// Reads `<aggregate> <op> <number>` with op one of < <= > >= == === !=. Throws ConfigError naming
// the expression and what is allowed.
Threshold parse_threshold(std::string_view source);

// Throws ConfigError if metrics of this kind do not have the threshold's aggregate.
void check_aggregate(const Threshold& threshold, const Metric& metric);

// The number the threshold is about; nothing if the sink is empty. A counter's rate is per second
// of the load phase.
std::optional<double> observed(const Threshold& threshold, const Sink& sink, double load_seconds);

bool holds(const Threshold& threshold, double observed);

// The thresholds of one metric or submetric.
struct MetricThresholds {
  MetricSelector selector;
  MetricId metric = 0;
  std::vector<Threshold> thresholds;
};

// One entry of the option `thresholds`, or of `submetrics`, which has no thresholds.
struct ThresholdDefinition {
  std::string selector;
  std::vector<Threshold> thresholds;
  std::string option = "thresholds";
};

// What becomes in the end of a threshold without a sample. Those that pass are judged as in k6: by
// 0, and those of a rate hold, because a share of nothing is no number.
enum class NoSamples { kPass, kFail };

// The thresholds of a run, checked against its metrics. Immutable.
class ThresholdSet {
 public:
  ThresholdSet() = default;

  // Keeps the order given. Throws ConfigError for an unknown metric, naming the closest one that
  // has the aggregates, a malformed selector, or an aggregate the metric does not have.
  ThresholdSet(std::vector<ThresholdDefinition> definitions, const MetricRegistry& registry,
               NoSamples no_samples = NoSamples::kPass);

  const std::vector<MetricThresholds>& entries() const { return entries_; }
  NoSamples no_samples() const { return no_samples_; }

 private:
  std::vector<MetricThresholds> entries_;
  NoSamples no_samples_ = NoSamples::kPass;
};

// The parts of metrics that are kept apart: those that thresholds select, and
// http_req_duration{expected_response:true} if there is such a metric. Each once.
std::vector<MetricSelector> submetrics_of(const ThresholdSet& thresholds,
                                          const MetricRegistry& registry);

}  // namespace perigee
