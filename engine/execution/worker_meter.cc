#include "engine/execution/worker_meter.h"

#include <algorithm>

#include <fmt/format.h>

namespace perigee {
namespace {

constexpr Duration kShortest = std::chrono::milliseconds(50);

}  // namespace

WorkerMeter::WorkerMeter(MetricShard& shard, const BuiltinMetrics& builtins, const TagSet& run_tags,
                         uint32_t worker)
    : shard_(shard) {
  const TagSetId tags = shard.tags().intern(run_tags.with("worker", fmt::to_string(worker)));
  busy_ = shard.series(builtins.worker_busy, tags);
  lag_ = shard.series(builtins.loop_lag, tags);
}

void WorkerMeter::start(Instant now, Duration cpu) {
  since_ = now;
  cpu_ = cpu;
}

void WorkerMeter::sample(Instant now, Duration cpu, Duration lag) {
  const Duration wall = now - since_;
  if (wall >= kShortest) {
    shard_.add(busy_, std::min(1.0, to_seconds(cpu - cpu_) / to_seconds(wall)), now);
    shard_.add(lag_, to_ms(lag), now);
  }
  start(now, cpu);
}

}  // namespace perigee
