#include "engine/metrics/aggregator.h"

#include <algorithm>
#include <utility>

#include "engine/metrics/failure_counts.h"

namespace perigee {

Aggregator::Aggregator(const MetricRegistry& registry, ThresholdSet thresholds,
                       const TagSet& run_tags, SampleTap* tap)
    : registry_(registry),
      thresholds_(std::move(thresholds)),
      tap_(tap),
      run_tags_(tags_.intern(run_tags)) {
  for (MetricSelector& selector : submetrics_of(thresholds_, registry_)) {
    const Metric& metric = *registry_.find(selector.metric);
    submetrics_.push_back({std::move(selector), metric.id, Sink(metric.kind)});
  }
  if (tap_ != nullptr) tap_->on_tags(run_tags_, tags_.at(run_tags_));
}

void Aggregator::add(Snapshot&& snapshot) {
  if (!started_) started_ = snapshot.from;
  vus_[snapshot.worker] = {snapshot.vus_active, snapshot.vus_initialized, snapshot.last};
  for (SeriesDelta& delta : snapshot.series)
    add_delta(std::move(delta));
}

void Aggregator::add_delta(SeriesDelta&& delta) {
  total_of(delta.metric).merge(delta.sink);
  timeline_.add(delta.metric, delta.sink);
  for (Submetric& submetric : submetrics_) {
    const bool matches =
        submetric.metric == delta.metric && delta.tags->contains(submetric.selector.tags);
    if (matches) submetric.sink.merge(delta.sink);
  }
  SeriesTotal& series = find_series(delta);
  if (registry_.at(delta.metric).name == "checks") checks_.add(*series.tags, delta.sink);
  series.sink.merge(std::move(delta.sink));
}

Sink& Aggregator::total_of(MetricId metric) {
  for (size_t id = totals_.size(); id <= metric; ++id) {
    totals_.emplace_back(registry_.at(static_cast<MetricId>(id)).kind);
  }
  if (std::find(seen_.begin(), seen_.end(), metric) == seen_.end()) seen_.push_back(metric);
  return totals_[metric];
}

SeriesTotal& Aggregator::find_series(const SeriesDelta& delta) {
  const TagSetId tags = tags_.intern(delta.tags);
  const uint64_t key = (uint64_t{delta.metric} << 32) | tags;
  const auto [place, is_new] = series_ids_.try_emplace(key, series_.size());
  if (is_new) {
    series_.push_back({delta.metric, tags_.at(tags), Sink(delta.sink.kind())});
    checks_.note_group(*tags_.at(tags));
  }
  return series_[place->second];
}

void Aggregator::tick(Instant now) {
  const bool running =
      std::any_of(vus_.begin(), vus_.end(), [](const auto& worker) { return !worker.second.last; });
  if (running) {
    sample("vus", vus_active(), now);
    sample("vus_max", vus_initialized(), now);
  }
  if (!started_) started_ = now;
  timeline_.tick(*started_, now);
}

void Aggregator::sample(std::string_view metric, int64_t value, Instant at) {
  const Metric* known = registry_.find(metric);
  if (known == nullptr) return;
  SeriesDelta delta{known->id, tags_.at(run_tags_), Sink(known->kind)};
  delta.sink.add(static_cast<double>(value), at);
  add_delta(std::move(delta));
  if (tap_ != nullptr) tap_->on_sample(known->id, run_tags_, static_cast<double>(value), at);
}

ThresholdReport Aggregator::evaluate_thresholds(double load_seconds, Duration test_elapsed,
                                                bool final) const {
  ThresholdReport report;
  for (const MetricThresholds& entry : thresholds_.entries()) {
    const Sink* sink = sink_of(entry);
    for (const Threshold& threshold : entry.thresholds) {
      ThresholdVerdict verdict{entry.selector.text, threshold};
      if (sink != nullptr) verdict.observed = observed(threshold, *sink, load_seconds);
      if (!verdict.observed && final && is_zero(entry)) verdict.observed = 0;
      if (verdict.observed) {
        verdict.ok = holds(threshold, *verdict.observed);
      } else if (final) {
        verdict.ok = holds_without_samples(threshold, registry_.at(entry.metric).kind);
      }
      if (!verdict.ok) {
        report.failed = true;
        report.abort |= threshold.abort_on_fail && test_elapsed > threshold.delay_abort_eval;
      }
      report.verdicts.push_back(std::move(verdict));
    }
  }
  return report;
}

// A rate of nothing is no number, so that k6 lets it pass whatever is asked of it.
bool Aggregator::holds_without_samples(const Threshold& threshold, MetricKind kind) const {
  if (thresholds_.no_samples() == NoSamples::kFail) return false;
  return kind == MetricKind::kRate || holds(threshold, 0);
}

// Whether to have no samples means that nothing went wrong; with a misspelt tag it means nothing.
bool Aggregator::is_zero(const MetricThresholds& entry) const {
  if (!counts_failures(registry_.at(entry.metric).name)) return false;
  return std::all_of(
      entry.selector.tags.begin(), entry.selector.tags.end(), [&](const TagSet::Pair& tag) {
        return std::any_of(series_.begin(), series_.end(), [&](const SeriesTotal& series) {
          const std::string* value = series.tags->find(tag.first);
          return value != nullptr && *value == tag.second;
        });
      });
}

const Sink* Aggregator::sink_of(const MetricThresholds& entry) const {
  if (entry.selector.tags.empty()) return total(entry.metric);
  const auto found = std::find_if(
      submetrics_.begin(), submetrics_.end(),
      [&](const Submetric& submetric) { return submetric.selector.text == entry.selector.text; });
  return found == submetrics_.end() ? nullptr : &found->sink;
}

const Sink* Aggregator::total(MetricId metric) const {
  return metric < totals_.size() && !totals_[metric].empty() ? &totals_[metric] : nullptr;
}

int64_t Aggregator::vus_active() const {
  int64_t sum = 0;
  for (const auto& [worker, vus] : vus_)
    sum += vus.active;
  return sum;
}

int64_t Aggregator::vus_initialized() const {
  int64_t sum = 0;
  for (const auto& [worker, vus] : vus_)
    sum += vus.initialized;
  return sum;
}

}  // namespace perigee
