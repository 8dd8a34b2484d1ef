// The metrics of a run by name and number.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "engine/metrics/metric.h"

namespace perigee {

// Built before the run by one thread. Each worker reads a copy of its own: the numbers are the same
// in every copy.
class MetricRegistry {
 public:
  // Adds a metric, or finds the one of the same name, kind and contents. Throws ConfigError if the
  // name is malformed or already belongs to another kind of metric.
  MetricId add(std::string_view name, MetricKind kind, ValueKind contains = ValueKind::kDefault);

  // Nothing if no metric has this name. Pointers stay valid while metrics are added.
  const Metric* find(std::string_view name) const;

  // The metric of a number that `add` returned.
  const Metric& at(MetricId id) const;

  size_t size() const { return metrics_.size(); }

  // In the order in which the metrics were added.
  auto begin() const { return metrics_.begin(); }
  auto end() const { return metrics_.end(); }

 private:
  std::deque<Metric> metrics_;
  std::map<std::string, MetricId, std::less<>> ids_;
};

// The metrics every run has, whatever its scenarios do.
struct BuiltinMetrics {
  MetricId vus;
  MetricId vus_max;
  MetricId iterations;
  MetricId iteration_duration;
  MetricId iteration_start_delay;
  MetricId iteration_latency;
  MetricId iterations_interrupted;
  MetricId iteration_errors;
  MetricId dropped_iterations;
  MetricId checks;
  MetricId group_duration;
  MetricId data_sent;
  MetricId data_received;
  MetricId tag_sets_refused;
  MetricId worker_busy;
  MetricId loop_lag;
};

BuiltinMetrics declare_builtins(MetricRegistry& registry);

}  // namespace perigee
