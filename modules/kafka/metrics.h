// Turns what happens to messages, and what librdkafka tells of its brokers, into samples.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/clock.h"
#include "engine/metrics/registry.h"
#include "engine/metrics/shard.h"
#include "modules/kafka/rdkafka.h"

namespace perigee::kafka {

// Declared once per run.
struct KafkaMetricIds {
  // Of messages produced: the first is the sum of the next three.
  MetricId produced, delivered, failed, interrupted;
  MetricId produced_bytes, produce_duration, produce_failed;
  MetricId queue_full_duration;  // waited for room in the queue
  MetricId transactions, transaction_duration;
  // Of messages consumed.
  MetricId consumed, consumed_bytes, end_to_end, lag, topic_lag, rebalances;
  // Of requests that wait for replies, and of replies that nobody waits for.
  MetricId requests, request_duration, request_failed, requests_interrupted, stray_replies;
  // Of clients and their brokers.
  MetricId errors, retries, queue_time, broker_rtt, broker_throttle;

  static KafkaMetricIds declare(MetricRegistry& registry);
};

// A topic's name, interned.
using TopicId = uint32_t;
// The series of one topic in one context.
using TopicSeriesId = uint32_t;

// One per worker.
class KafkaMetrics {
 public:
  KafkaMetrics(const KafkaMetricIds& ids, MetricShard& shard, const TagSet& run_tags);

  TopicId topic(std::string_view name);
  // `context` holds the tags of the VU at the time.
  TopicSeriesId series(TagSetId context, TopicId topic);

  // The tags of the run alone.
  TagSetId run_context() const { return run_context_; }

  // --- A message that was produced, and what has become of it.
  void record_produced(TopicSeriesId series, size_t bytes, Instant at);
  void record_delivered(TopicSeriesId series, Duration latency, Instant at);
  void record_failed(TopicSeriesId series, ErrorCode error, Instant at);
  void record_interrupted(TopicSeriesId series, Instant at);

  void record_queue_full(TagSetId context, Duration waited, Instant at);
  // "committed", "aborted", "failed" or "interrupted".
  void record_transaction(TagSetId context, std::string_view result, Duration duration, Instant at);
  void record_consumed(TopicSeriesId series, size_t bytes, Instant at);
  // From the instant that the message's header names to its arrival.
  void record_end_to_end(TopicSeriesId series, Duration latency, Instant at);

  // --- A request, of which the reply has come, or not.
  void record_reply(TopicSeriesId series, Duration duration, Instant at);
  void record_no_reply(TopicSeriesId series, std::string_view error, Instant at);
  void record_request_interrupted(TopicSeriesId series, Instant at);

  // --- Of no VU.
  // "late": of a request that nobody waits for any more; "foreign": of none of this run.
  void record_stray_reply(std::string_view kind, Instant at);
  void record_error(ErrorCode error, Instant at);
  void record_rebalance(Instant at);
  // Of all consumers of the run, and of one topic in a group.
  void record_lag(double messages, Instant at);
  void record_topic_lag(const std::string& group, const std::string& topic, double messages,
                        Instant at);
  void record_retries(double count, Instant at);
  // Milliseconds that a broker's requests took, messages lay in the client's queue, and the broker
  // held answers back, each the mean since the last time.
  void record_round_trip(const std::string& broker, double ms, Instant at);
  void record_queue_time(const std::string& broker, double ms, Instant at);
  void record_throttle(const std::string& broker, double ms, Instant at);

 private:
  struct Key {
    TagSetId context = 0;
    TopicId topic = 0;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    size_t operator()(const Key& key) const {
      return std::hash<uint64_t>()(uint64_t{key.context} << 32 | key.topic);
    }
  };
  struct TopicSeries {
    TagSetId tags = 0;
    SeriesId produced = 0, produced_bytes = 0, delivered = 0, produce_duration = 0,
             produce_failed = 0;
    SeriesId consumed = 0, consumed_bytes = 0;
  };

  void add(MetricId metric, TagSetId tags, double value, Instant at) {
    shard_.add(shard_.series(metric, tags), value, at);
  }
  void add_of_broker(MetricId metric, const std::string& broker, double value, Instant at);

  const KafkaMetricIds ids_;
  MetricShard& shard_;
  const TagSet run_tags_;
  const TagSetId run_context_;
  std::vector<std::string> topics_;
  std::unordered_map<std::string, TopicId> topic_ids_;
  std::vector<TopicSeries> series_;
  std::unordered_map<Key, TopicSeriesId, KeyHash> series_ids_;
  Key last_key_;
  TopicSeriesId last_series_ = 0;
};

}  // namespace perigee::kafka
