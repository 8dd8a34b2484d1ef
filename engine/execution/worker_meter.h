// Samples how busy a worker's thread is and how late its timers fire, once a second of the load.
#pragma once

#include <cstdint>

#include "engine/base/clock.h"
#include "engine/metrics/registry.h"
#include "engine/metrics/shard.h"

namespace perigee {

// Used on the worker's thread. Reads no clock itself: the worker passes what it has read.
class WorkerMeter {
 public:
  // The samples carry the tag `worker`. The shard must outlive the meter.
  WorkerMeter(MetricShard& shard, const BuiltinMetrics& builtins, const TagSet& run_tags,
              uint32_t worker);

  // A stretch to be measured begins; `cpu` is the CPU time of the thread so far.
  void start(Instant now, Duration cpu);
  // The stretch ends and the next begins. `lag` is the most that a timer was late meanwhile. A
  // stretch too short to say anything is left out.
  void sample(Instant now, Duration cpu, Duration lag);

 private:
  MetricShard& shard_;
  SeriesId busy_;
  SeriesId lag_;
  Instant since_{};
  Duration cpu_{};
};

}  // namespace perigee
