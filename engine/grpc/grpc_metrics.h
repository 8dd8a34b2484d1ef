// Turns the ends of gRPC calls, and what their streams carry, into samples.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/clock.h"
#include "engine/grpc/call_events.h"
#include "engine/metrics/registry.h"
#include "engine/metrics/shard.h"

namespace perigee::grpc {

// Declared once per run.
struct GrpcMetricIds {
  // Of all calls.
  MetricId reqs, blocked, connecting, tls_handshaking, failed;
  MetricId reqs_interrupted;  // sent, and cut off by the end of the run
  MetricId reqs_retried;      // sent again after a server had not looked at them
  // Of unary calls.
  MetricId duration, sending, waiting, receiving;
  // Of the other ones.
  MetricId streams, stream_duration, messages_sent, messages_received, first_message, message_gap;

  static GrpcMetricIds declare(MetricRegistry& registry);
};

// Names what is known of a call before it ends; interned by `GrpcMetrics::call_tags`.
using CallTagsId = uint32_t;

// Whether the end of a call counts as a failure.
enum class Verdict : uint8_t { kOk, kFailed, kNotJudged };

// One per worker.
class GrpcMetrics {
 public:
  GrpcMetrics(const GrpcMetricIds& ids, MetricShard& shard) : ids_(ids), shard_(shard) {}

  // Interns {service, method, url, name} and the call's own tags. `path` is
  // "/package.Service/Method", `server` is "host:port".
  CallTagsId call_tags(std::string_view server, std::string_view path, const TagSet& own);

  // `context` holds the tags of the VU at the time.
  void record_unary(TagSetId context, CallTagsId call, Verdict verdict, const CallEnd& end);
  // A stream that was sent, whole or not.
  void record_stream(TagSetId context, CallTagsId call, Verdict verdict, const CallEnd& end);
  // Cut off with its iteration after it was sent.
  void record_interrupted(TagSetId context, CallTagsId call, Instant at);

  // What an open stream carries: each is one addition.
  struct StreamSeries {
    SeriesId sent = 0, received = 0, first = 0, gap = 0;
  };
  StreamSeries stream_series(TagSetId context, CallTagsId call);
  void record_sent(const StreamSeries& series, Instant at) { shard_.add(series.sent, 1, at); }
  // `before` is when the message before came, `started` when the call did.
  void record_received(const StreamSeries& series, Instant started,
                       const std::optional<Instant>& before, Instant at);

 private:
  struct Key {
    TagSetId context = 0;
    CallTagsId call = 0;
    uint32_t code = 0;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    size_t operator()(const Key& key) const;
  };
  struct TagsHash {
    size_t operator()(const TagSet& tags) const { return tags.hash(); }
  };
  static constexpr size_t kMetrics = 11;
  using Series = std::array<SeriesId, kMetrics>;

  const Series& series_of(const Key& key);
  Series make_series(const Key& key);
  TagSetId tags_of(TagSetId context, CallTagsId call, std::optional<uint32_t> code);
  void record_all(const Series& series, Verdict verdict, const CallEnd& end);
  void record_retries(TagSetId context, CallTagsId call, const CallEnd& end);

  GrpcMetricIds ids_;
  MetricShard& shard_;
  std::vector<TagSet> calls_;
  std::unordered_map<TagSet, CallTagsId, TagsHash> call_ids_;
  std::unordered_map<Key, Series, KeyHash> series_;
  Key last_key_;
  const Series* last_series_ = nullptr;
};

}  // namespace perigee::grpc
