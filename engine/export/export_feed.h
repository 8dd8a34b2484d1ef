// Hands what a run measures to its exports, once a second.
#pragma once

#include "engine/export/export_thread.h"
#include "engine/metrics/snapshot_recorder.h"

namespace perigee::exports {

// Used on the main thread. VUs, which no worker samples, become the gauges vus and vus_max.
class ExportFeed final : public SnapshotRecorder {
 public:
  // The thread and the registry must outlive the feed. `run_tags` are those of the VUs' gauges.
  ExportFeed(ExportThread& thread, const MetricRegistry& registry, const TagSet& run_tags);

  void begin(TimeOrigin origin) override { thread_.begin(origin); }
  void add(const Snapshot& snapshot) override;
  void judge(const ThresholdReport& report) override;
  void tick(const RunMoment& moment) override;

 private:
  void add_gauge(std::string_view metric, int64_t value, Instant at);

  ExportThread& thread_;
  const MetricRegistry& registry_;
  std::shared_ptr<const TagSet> run_tags_;
  ExportUpdate open_;
};

}  // namespace perigee::exports
