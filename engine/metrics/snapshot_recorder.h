// Who keeps what the workers of a run measure, beside the aggregator.
#pragma once

#include "engine/base/clock.h"
#include "engine/metrics/snapshot.h"

namespace perigee {

// The end of a stretch of the run.
struct RunMoment {
  Instant at{};
  Duration load{};  // the length of the load phase until then
  // While the load goes on; after it they stand for nothing.
  bool loading = true;
  int64_t vus_active = 0;
  int64_t vus_initialized = 0;
};

struct ThresholdReport;

// Called on the main thread: `begin` once, then snapshots in any order, and `tick` once a second
// and at the end of the load and of the run.
class SnapshotRecorder {
 public:
  virtual ~SnapshotRecorder() = default;

  virtual void begin(TimeOrigin origin) = 0;
  virtual void add(const Snapshot& snapshot) = 0;
  // Ends an interval: what was added since the last one is complete.
  virtual void tick(const RunMoment& moment) = 0;
  // How the thresholds stand: after each second's tick, and for good before the last.
  virtual void judge(const ThresholdReport& /*report*/) {}
};

}  // namespace perigee
