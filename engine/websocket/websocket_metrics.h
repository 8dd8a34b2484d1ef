// Turns what happens on WebSockets into k6's samples.
#pragma once

#include <string_view>

#include "engine/base/clock.h"
#include "engine/metrics/registry.h"
#include "engine/metrics/shard.h"

namespace perigee::websocket {

// The ids of the metrics, declared once per run.
struct WebSocketMetricIds {
  MetricId sessions, connecting, session_duration, messages_sent, messages_received, ping;
  MetricId sessions_interrupted;  // cut off while they were open or being opened

  static WebSocketMetricIds declare(MetricRegistry& registry);
};

// What the samples of one connection are tagged with. Views end with the call they are passed to.
struct ConnectionTags {
  TagSetId context = 0;  // of the VU when it connected
  std::string_view url;  // free of credentials
  const TagSet& own;     // of the script; its `name` replaces the URL, as in k6
  int status = 0;        // of the handshake's answer; 0 if there was none
  std::string_view subprotocol;
  std::string_view ip;  // empty if no connection was made
};

// One per worker.
class WebSocketMetrics {
 public:
  // The series of one connection that is open: what happens often is one addition.
  struct Series {
    SeriesId sent = 0;
    SeriesId received = 0;
    SeriesId ping = 0;
    SeriesId duration = 0;
    SeriesId interrupted = 0;
  };

  WebSocketMetrics(const WebSocketMetricIds& ids, MetricShard& shard) : ids_(ids), shard_(shard) {}

  // The end of an opening handshake, also of one that failed, as in k6.
  Series record_opening(const ConnectionTags& tags, Duration connecting, Instant at);
  // A handshake that was cut off.
  void record_interrupted_opening(const ConnectionTags& tags, Instant at);

  void record_sent(const Series& series, Instant at) { shard_.add(series.sent, 1, at); }
  void record_received(const Series& series, Instant at) { shard_.add(series.received, 1, at); }
  void record_ping(const Series& series, Duration round_trip, Instant at) {
    shard_.add(series.ping, to_ms(round_trip), at);
  }
  void record_end(const Series& series, Duration session, Instant at) {
    shard_.add(series.duration, to_ms(session), at);
  }
  void record_interrupted(const Series& series, Instant at) {
    shard_.add(series.interrupted, 1, at);
  }

 private:
  TagSetId tags_of(const ConnectionTags& tags);

  WebSocketMetricIds ids_;
  MetricShard& shard_;
};

}  // namespace perigee::websocket
