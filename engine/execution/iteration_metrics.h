// Turns the life of iterations into samples.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/clock.h"
#include "engine/metrics/registry.h"
#include "engine/metrics/shard.h"

namespace perigee {

// The samples of one scenario's iterations on one worker.
class IterationMetrics {
 public:
  // All of `ids` must outlive it.
  IterationMetrics(MetricShard& shard, const BuiltinMetrics& ids, TagSetId context);
  // The same with other tags, those of a VU that has some of its own.
  IterationMetrics tagged(TagSetId context) const { return {shard_, ids_, context, dropped_}; }

  // `due` is when an arrival should have started: start minus due and end minus due show what
  // waiting for a VU or a late loop hides.
  void completed(Instant start, Instant end, std::optional<Instant> due, bool failed);
  void interrupted(Instant at);
  void dropped(uint64_t count, Instant at);

 private:
  IterationMetrics(MetricShard& shard, const BuiltinMetrics& ids, TagSetId context,
                   SeriesId dropped);

  MetricShard& shard_;
  const BuiltinMetrics& ids_;
  SeriesId iterations_;
  SeriesId duration_;
  SeriesId errors_;
  SeriesId interrupted_;
  SeriesId dropped_;
  SeriesId start_delay_;
  SeriesId latency_;
};

}  // namespace perigee
