#include "engine/execution/iteration_metrics.h"

#include <utility>

namespace perigee {

namespace {

// As in k6, what never ran lies in no group.
TagSetId without_group(TagSets& sets, TagSetId context) {
  TagSet tags;
  for (const auto& [name, value] : *sets.at(context)) {
    if (name != "group") tags.set(name, value);
  }
  return sets.intern(std::move(tags));
}

}  // namespace

IterationMetrics::IterationMetrics(MetricShard& shard, const BuiltinMetrics& ids, TagSetId context)
    : IterationMetrics(shard, ids, context,
                       shard.series(ids.dropped_iterations, without_group(shard.tags(), context))) {
}

IterationMetrics::IterationMetrics(MetricShard& shard, const BuiltinMetrics& ids, TagSetId context,
                                   SeriesId dropped)
    : shard_(shard),
      ids_(ids),
      iterations_(shard.series(ids.iterations, context)),
      duration_(shard.series(ids.iteration_duration, context)),
      errors_(shard.series(ids.iteration_errors, context)),
      interrupted_(shard.series(ids.iterations_interrupted, context)),
      dropped_(dropped),
      start_delay_(shard.series(ids.iteration_start_delay, context)),
      latency_(shard.series(ids.iteration_latency, context)) {}

void IterationMetrics::completed(Instant start, Instant end, std::optional<Instant> due,
                                 bool failed) {
  shard_.add(duration_, to_ms(end - start), end);
  shard_.add(iterations_, 1, end);
  if (failed) shard_.add(errors_, 1, end);
  if (!due) return;
  shard_.add(start_delay_, to_ms(start - *due), end);
  shard_.add(latency_, to_ms(end - *due), end);
}

void IterationMetrics::interrupted(Instant at) {
  shard_.add(interrupted_, 1, at);
}

void IterationMetrics::dropped(uint64_t count, Instant at) {
  if (count > 0) shard_.add(dropped_, static_cast<double>(count), at);
}

}  // namespace perigee
