// Runs for the tests of reports, made of numbers and without time passing.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/metrics/aggregator.h"
#include "engine/metrics/registry.h"
#include "engine/output/summary.h"
#include "engine/reports/report.h"
#include "engine/reports/time_series.h"

namespace perigee::reports {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The metrics of these runs.
struct SampleMetrics {
  MetricRegistry registry;
  BuiltinMetrics builtins = declare_builtins(registry);
  MetricId requests = registry.add("http_reqs", MetricKind::kCounter);
  MetricId duration = registry.add("http_req_duration", MetricKind::kTrend, ValueKind::kTime);
  MetricId failed = registry.add("http_req_failed", MetricKind::kRate);
  MetricId calls = registry.add("grpc_reqs", MetricKind::kCounter);
  MetricId call_duration = registry.add("grpc_req_duration", MetricKind::kTrend, ValueKind::kTime);
  MetricId call_failed = registry.add("grpc_req_failed", MetricKind::kRate);
  MetricId size = registry.add("size", MetricKind::kTrend);
};

inline ThresholdSet thresholds_of(const std::vector<std::pair<std::string, std::string>>& texts,
                                  const MetricRegistry& registry) {
  std::vector<ThresholdDefinition> definitions;
  for (const auto& [selector, expression] : texts)
    definitions.push_back({selector, {parse_threshold(expression)}});
  return {std::move(definitions), registry};
}

class SampleRun {
 public:
  using Thresholds = std::vector<std::pair<std::string, std::string>>;  // selector, expression

  explicit SampleRun(const Thresholds& thresholds = {})
      : aggregator_(metrics_.registry, thresholds_of(thresholds, metrics_.registry)),
        series_(metrics_.registry) {
    header_.script = "script.lua";
    header_.run_id = "run-1";
    header_.started = WallTime(seconds(1'700'000'000));
    header_.options_json = R"({"vus":1})";
    header_.host = "host";
    header_.cpus = 2;
    series_.begin({Instant{}, header_.started});
  }

  results::Header& header() { return header_; }
  results::End& end() { return end_; }
  const SampleMetrics& metrics() const { return metrics_; }

  void add(MetricId metric, const TagSet& tags, double value, uint64_t times = 1) {
    SeriesDelta delta{metric, std::make_shared<const TagSet>(tags),
                      Sink(metrics_.registry.at(metric).kind)};
    for (uint64_t i = 0; i < times; ++i)
      delta.sink.add(value, Instant(now_));
    Snapshot snapshot;
    snapshot.series.push_back(std::move(delta));
    series_.add(snapshot);
    aggregator_.add(std::move(snapshot));
  }

  void request(const std::string& name, int status, double latency, const std::string& error = "") {
    TagSet tags{{"name", name}, {"status", std::to_string(status)}};
    if (!error.empty()) tags.set("error", error);
    if (status == 0) tags.set("error_code", "1212");
    add(metrics_.requests, tags, 1);
    add(metrics_.duration, tags, latency);
    add(metrics_.failed, tags, status == 0 || status >= 400 ? 1 : 0);
  }

  void call(const std::string& name, int status, double latency) {
    const TagSet tags{{"name", name}, {"status", std::to_string(status)}};
    add(metrics_.calls, tags, 1);
    add(metrics_.call_duration, tags, latency);
    add(metrics_.call_failed, tags, status == 0 ? 0 : 1);
  }

  void check(const std::string& name, bool holds) {
    add(metrics_.builtins.checks, {{"check", name}}, holds ? 1 : 0);
  }

  // Ends a step that has lasted so long.
  void tick(Duration step = seconds(1), int64_t vus = 1, bool loading = true) {
    now_ += step;
    series_.tick({.at = Instant(now_), .load = now_, .loading = loading, .vus_active = vus});
    aggregator_.tick(Instant(now_));
  }

  Report report(std::vector<std::string> warnings = {}) {
    SummarySettings settings;
    settings.load_seconds = to_seconds(now_);
    settings.test_run_duration = now_;
    settings.warnings = std::move(warnings);
    if (end_.reason.empty()) end_.reason = "complete";
    return make_report(aggregator_, series_, make_summary(aggregator_, std::move(settings)),
                       header_, end_);
  }

 private:
  SampleMetrics metrics_;
  Aggregator aggregator_;
  TimeSeries series_;
  results::Header header_;
  results::End end_;
  Duration now_{};
};

}  // namespace perigee::reports
