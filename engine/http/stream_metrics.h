// The metrics of one streamed answer, beside those of its request.
#pragma once

#include <optional>

#include "engine/base/clock.h"
#include "engine/http/response.h"
#include "engine/metrics/registry.h"
#include "engine/metrics/shard.h"

namespace perigee::http {

// Declared once per run.
struct StreamMetricIds {
  MetricId ttfb, time_to_first_event, event_gap, duration, events;

  static StreamMetricIds declare(MetricRegistry& registry);
};

// Told what arrives, with the instants at which its bytes were read. Must not be told anything
// before `begin`.
class StreamMetrics {
 public:
  StreamMetrics(const StreamMetricIds& ids, MetricShard& shard) : ids_(ids), shard_(&shard) {}

  // The head has come. `started` is when the call began, `tags` are those of its request.
  void begin(Instant started, TagSetId tags);
  // An event, line or chunk, whatever the script reads the stream as.
  void event(Instant at);
  // The stream is over; what failed has no duration.
  void end(const Outcome& outcome);

 private:
  StreamMetricIds ids_;
  MetricShard* shard_;
  SeriesId ttfb_ = 0, time_to_first_event_ = 0, event_gap_ = 0, duration_ = 0, events_ = 0;
  Instant started_{};
  std::optional<Instant> last_;  // event
};

}  // namespace perigee::http
