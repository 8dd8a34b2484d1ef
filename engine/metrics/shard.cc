#include "engine/metrics/shard.h"

#include <utility>

namespace perigee {

MetricShard::MetricShard(const MetricRegistry& registry, SampleTap* tap,
                         const SystemTags& system_tags)
    : registry_(registry),
      tap_(tap),
      tells_sources_(tap != nullptr &&
                     (system_tags.has(SystemTag::kVu) || system_tags.has(SystemTag::kIter))),
      tags_(system_tags) {}

SeriesId MetricShard::series(MetricId metric, TagSetId tags) {
  const uint64_t key = (uint64_t{metric} << 32) | tags;
  const auto [place, is_new] = ids_.try_emplace(key, static_cast<SeriesId>(series_.size()));
  if (is_new) {
    series_.push_back({metric, tags, false, Sink(registry_.at(metric).kind)});
    if (tap_ != nullptr) tell_tags(tags);
  }
  return place->second;
}

void MetricShard::tell_tags(TagSetId id) {
  if (told_.size() <= id) told_.resize(id + 1);
  if (told_[id]) return;
  told_[id] = true;
  tap_->on_tags(id, tags_.at(id));
}

void MetricShard::touch(SeriesId id) {
  series_[id].touched = true;
  touched_.push_back(id);
}

void MetricShard::count_refused(Instant at) {
  const uint64_t refused = tags_.refused() - refused_told_;
  const Metric* metric = registry_.find("tag_sets_refused");
  if (refused == 0 || metric == nullptr) return;
  refused_told_ = tags_.refused();
  add(series(metric->id, 0), static_cast<double>(refused), at);
}

Snapshot MetricShard::take(Instant from, Instant to) {
  count_refused(to);
  Snapshot snapshot{.from = from, .to = to};
  snapshot.series.reserve(touched_.size());
  for (SeriesId id : touched_) {
    Series& series = series_[id];
    const MetricKind kind = series.sink.kind();
    series.touched = false;
    snapshot.series.push_back(
        {series.metric, tags_.at(series.tags), std::exchange(series.sink, Sink(kind))});
  }
  touched_.clear();
  return snapshot;
}

}  // namespace perigee
