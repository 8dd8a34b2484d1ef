// What one worker measured in one interval: a delta that is merged, and can be written and read.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/metrics/registry.h"
#include "engine/metrics/sink.h"
#include "engine/metrics/tags.h"

namespace perigee {

// What the interval added to one series.
struct SeriesDelta {
  MetricId metric = 0;
  // Never null.
  std::shared_ptr<const TagSet> tags;
  Sink sink;
};

struct Snapshot {
  uint32_t worker = 0;
  Instant from{};
  Instant to{};
  // As they are at `to`.
  int64_t vus_active = 0;
  int64_t vus_initialized = 0;
  // Whether the worker has nothing more to tell.
  bool last = false;
  std::vector<SeriesDelta> series{};
};

// The snapshot as bytes that another process understands: metrics are named, numbers little-endian.
std::string write_snapshot(const Snapshot& snapshot, const MetricRegistry& registry);

// Reads what `write_snapshot` wrote and adds metrics the registry does not know yet. `from` is as
// written, in the writer's clock. Throws std::runtime_error if the bytes are truncated, of another
// version, or name a metric that is of another kind here.
Snapshot read_snapshot(std::string_view bytes, MetricRegistry& registry);

}  // namespace perigee
