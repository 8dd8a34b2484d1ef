#include "engine/metrics/registry.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/check.h"
#include "engine/base/config_error.h"

namespace perigee {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_letter_or_digit(char c) {
  return is_letter(c) || (c >= '0' && c <= '9');
}

bool is_valid_name(std::string_view name) {
  return name.size() >= 2 && name.size() <= 129 && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), is_letter_or_digit);
}

std::string describe(MetricKind kind, ValueKind contains) {
  return contains == ValueKind::kDefault
             ? std::string(to_string(kind))
             : fmt::format("{} of {}", to_string(kind), to_string(contains));
}

}  // namespace

MetricId MetricRegistry::add(std::string_view name, MetricKind kind, ValueKind contains) {
  if (const Metric* known = find(name)) {
    if (known->kind == kind && known->contains == contains) return known->id;
    throw ConfigError(fmt::format("metric \"{}\" exists already as a {}, it can't be a {} too",
                                  name, describe(known->kind, known->contains),
                                  describe(kind, contains)));
  }
  if (!is_valid_name(name)) {
    throw ConfigError(
        fmt::format("metric name \"{}\" is not valid: use 2 to 129 letters, digits and "
                    "underscores, beginning with a letter or an underscore",
                    name));
  }
  const auto id = static_cast<MetricId>(metrics_.size());
  metrics_.push_back({id, std::string(name), kind, contains});
  ids_.emplace(name, id);
  return id;
}

const Metric* MetricRegistry::find(std::string_view name) const {
  const auto found = ids_.find(name);
  return found == ids_.end() ? nullptr : &metrics_[found->second];
}

const Metric& MetricRegistry::at(MetricId id) const {
  PERIGEE_CHECK(id < metrics_.size());
  return metrics_[id];
}

BuiltinMetrics declare_builtins(MetricRegistry& registry) {
  const auto add = [&](std::string_view name, MetricKind kind,
                       ValueKind contains = ValueKind::kDefault) {
    return registry.add(name, kind, contains);
  };
  return {
      .vus = add("vus", MetricKind::kGauge),
      .vus_max = add("vus_max", MetricKind::kGauge),
      .iterations = add("iterations", MetricKind::kCounter),
      .iteration_duration = add("iteration_duration", MetricKind::kTrend, ValueKind::kTime),
      .iteration_start_delay = add("iteration_start_delay", MetricKind::kTrend, ValueKind::kTime),
      .iteration_latency = add("iteration_latency", MetricKind::kTrend, ValueKind::kTime),
      .iterations_interrupted = add("iterations_interrupted", MetricKind::kCounter),
      .iteration_errors = add("iteration_errors", MetricKind::kCounter),
      .dropped_iterations = add("dropped_iterations", MetricKind::kCounter),
      .checks = add("checks", MetricKind::kRate),
      .group_duration = add("group_duration", MetricKind::kTrend, ValueKind::kTime),
      .data_sent = add("data_sent", MetricKind::kCounter, ValueKind::kData),
      .data_received = add("data_received", MetricKind::kCounter, ValueKind::kData),
      .tag_sets_refused = add("tag_sets_refused", MetricKind::kCounter),
      .worker_busy = add("worker_busy", MetricKind::kTrend),
      .loop_lag = add("loop_lag", MetricKind::kTrend, ValueKind::kTime),
  };
}

}  // namespace perigee
