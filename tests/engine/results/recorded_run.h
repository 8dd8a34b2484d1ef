// Result files for tests: what a run with one metric of each kind leaves behind.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/metrics/registry.h"
#include "engine/results/results_recorder.h"

namespace perigee::results {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The metrics of these runs.
struct RunMetrics {
  MetricRegistry registry;
  MetricId requests = registry.add("requests", MetricKind::kCounter);
  MetricId duration = registry.add("duration", MetricKind::kTrend, ValueKind::kTime);
  MetricId failed = registry.add("failed", MetricKind::kRate);
  MetricId level = registry.add("level", MetricKind::kGauge);
};

// Writes a file as a run does. Times are since its beginning.
class RecordedRun {
 public:
  RecordedRun(const std::string& path, Header header) : recorder_(path, metrics_.registry) {
    const WallTime started = header.started;
    recorder_.set_header(std::move(header));
    recorder_.begin({Instant{}, started});
  }

  const RunMetrics& metrics() const { return metrics_; }

  // One sample of each metric, at the name's endpoint.
  void sample(const std::string& name, double value, Duration at) {
    const auto tags = std::make_shared<const TagSet>(TagSet{{"name", name}});
    Snapshot snapshot;
    for (const MetricId metric :
         {metrics_.requests, metrics_.duration, metrics_.failed, metrics_.level}) {
      SeriesDelta delta{metric, tags, Sink(metrics_.registry.at(metric).kind)};
      delta.sink.add(value, Instant(at));
      snapshot.series.push_back(std::move(delta));
    }
    recorder_.add(snapshot);
  }

  void tick(Duration at, int64_t vus = 1) {
    recorder_.tick({.at = Instant(at), .load = at, .vus_active = vus, .vus_initialized = vus});
    last_ = at;
  }

  // A millisecond after the load.
  void end(End end = {.reason = "complete"}) {
    recorder_.tick({.at = Instant(last_ + milliseconds(1)), .load = last_, .loading = false});
    end.load_seconds = to_seconds(last_);
    recorder_.end(std::move(end));
  }

 private:
  RunMetrics metrics_;
  ResultsRecorder recorder_;
  Duration last_{};
};

}  // namespace perigee::results
