#include "engine/export/export_feed.h"

#include <utility>

#include "engine/metrics/aggregator.h"

namespace perigee::exports {

ExportFeed::ExportFeed(ExportThread& thread, const MetricRegistry& registry, const TagSet& run_tags)
    : thread_(thread), registry_(registry), run_tags_(std::make_shared<const TagSet>(run_tags)) {}

void ExportFeed::add(const Snapshot& snapshot) {
  open_.series.insert(open_.series.end(), snapshot.series.begin(), snapshot.series.end());
}

void ExportFeed::judge(const ThresholdReport& report) {
  open_.thresholds.clear();
  for (const ThresholdVerdict& verdict : report.verdicts) {
    open_.thresholds.push_back(
        {verdict.selector, verdict.threshold.source, verdict.ok, verdict.observed});
  }
}

void ExportFeed::tick(const RunMoment& moment) {
  add_gauge("vus", moment.loading ? moment.vus_active : 0, moment.at);
  add_gauge("vus_max", moment.vus_initialized, moment.at);
  ExportUpdate update{
      .moment = moment, .series = std::exchange(open_.series, {}), .thresholds = open_.thresholds};
  thread_.update(std::move(update));
}

void ExportFeed::add_gauge(std::string_view metric, int64_t value, Instant at) {
  const Metric* known = registry_.find(metric);
  if (known == nullptr) return;
  SeriesDelta delta{known->id, run_tags_, Sink(known->kind)};
  delta.sink.add(static_cast<double>(value), at);
  open_.series.push_back(std::move(delta));
}

}  // namespace perigee::exports
