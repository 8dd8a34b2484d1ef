#include "engine/http/stream_metrics.h"

#include <utility>

namespace perigee::http {

StreamMetricIds StreamMetricIds::declare(MetricRegistry& registry) {
  const auto trend = [&](std::string_view name) {
    return registry.add(name, MetricKind::kTrend, ValueKind::kTime);
  };
  StreamMetricIds ids{};
  ids.ttfb = trend("http_stream_ttfb");
  ids.time_to_first_event = trend("http_stream_time_to_first_event");
  ids.event_gap = trend("http_stream_event_gap");
  ids.duration = trend("http_stream_duration");
  ids.events = registry.add("http_stream_events", MetricKind::kCounter);
  return ids;
}

void StreamMetrics::begin(Instant started, TagSetId tags) {
  started_ = started;
  last_.reset();
  ttfb_ = shard_->series(ids_.ttfb, tags);
  time_to_first_event_ = shard_->series(ids_.time_to_first_event, tags);
  event_gap_ = shard_->series(ids_.event_gap, tags);
  duration_ = shard_->series(ids_.duration, tags);
  events_ = shard_->series(ids_.events, tags);
}

void StreamMetrics::event(Instant at) {
  shard_->add(events_, 1, at);
  const std::optional<Instant> before = std::exchange(last_, at);
  if (before) {
    shard_->add(event_gap_, to_ms(at - *before), at);
  } else {
    shard_->add(time_to_first_event_, to_ms(at - started_), at);
  }
}

void StreamMetrics::end(const Outcome& outcome) {
  const Instant answered = outcome.ended - outcome.timings.receiving;
  shard_->add(ttfb_, to_ms(answered - started_), outcome.ended);
  if (!outcome.error) shard_->add(duration_, to_ms(outcome.ended - started_), outcome.ended);
}

}  // namespace perigee::http
