#include "modules/kafka/metrics.h"

namespace perigee::kafka {

KafkaMetricIds KafkaMetricIds::declare(MetricRegistry& registry) {
  const auto trend = [&](std::string_view name) {
    return registry.add(name, MetricKind::kTrend, ValueKind::kTime);
  };
  const auto counter = [&](std::string_view name, ValueKind contains = ValueKind::kDefault) {
    return registry.add(name, MetricKind::kCounter, contains);
  };
  KafkaMetricIds ids{};
  ids.produced = counter("kafka_messages_produced");
  ids.delivered = counter("kafka_messages_delivered");
  ids.failed = counter("kafka_messages_failed");
  ids.interrupted = counter("kafka_messages_interrupted");
  ids.produced_bytes = counter("kafka_bytes_produced", ValueKind::kData);
  ids.produce_duration = trend("kafka_produce_duration");
  ids.produce_failed = registry.add("kafka_produce_failed", MetricKind::kRate);
  ids.queue_full_duration = trend("kafka_queue_full_duration");
  ids.transactions = counter("kafka_transactions");
  ids.transaction_duration = trend("kafka_transaction_duration");
  ids.consumed = counter("kafka_messages_consumed");
  ids.consumed_bytes = counter("kafka_bytes_consumed", ValueKind::kData);
  ids.end_to_end = trend("kafka_end_to_end_duration");
  ids.lag = registry.add("kafka_consumer_lag", MetricKind::kGauge);
  ids.topic_lag = registry.add("kafka_topic_lag", MetricKind::kGauge);
  ids.rebalances = counter("kafka_rebalances");
  ids.requests = counter("kafka_requests");
  ids.request_duration = trend("kafka_request_duration");
  ids.request_failed = registry.add("kafka_request_failed", MetricKind::kRate);
  ids.requests_interrupted = counter("kafka_requests_interrupted");
  ids.stray_replies = counter("kafka_stray_replies");
  ids.errors = counter("kafka_errors");
  ids.retries = counter("kafka_retries");
  ids.queue_time = trend("kafka_queue_time");
  ids.broker_rtt = trend("kafka_broker_rtt");
  ids.broker_throttle = trend("kafka_broker_throttle");
  return ids;
}

KafkaMetrics::KafkaMetrics(const KafkaMetricIds& ids, MetricShard& shard, const TagSet& run_tags)
    : ids_(ids), shard_(shard), run_tags_(run_tags), run_context_(shard.tags().intern(run_tags)) {}

TopicId KafkaMetrics::topic(std::string_view name) {
  const auto [found, added] =
      topic_ids_.try_emplace(std::string(name), static_cast<TopicId>(topics_.size()));
  if (added) topics_.emplace_back(name);
  return found->second;
}

TopicSeriesId KafkaMetrics::series(TagSetId context, TopicId topic) {
  const Key key{context, topic};
  if (!series_.empty() && key == last_key_) return last_series_;
  const auto [found, added] =
      series_ids_.try_emplace(key, static_cast<TopicSeriesId>(series_.size()));
  if (added) {
    const TagSetId tags =
        shard_.tags().intern(shard_.tags().at(context)->with("topic", topics_[topic]));
    series_.push_back({.tags = tags,
                       .produced = shard_.series(ids_.produced, tags),
                       .produced_bytes = shard_.series(ids_.produced_bytes, tags),
                       .delivered = shard_.series(ids_.delivered, tags),
                       .produce_duration = shard_.series(ids_.produce_duration, tags),
                       .produce_failed = shard_.series(ids_.produce_failed, tags),
                       .consumed = shard_.series(ids_.consumed, tags),
                       .consumed_bytes = shard_.series(ids_.consumed_bytes, tags)});
  }
  last_key_ = key;
  last_series_ = found->second;
  return last_series_;
}

void KafkaMetrics::record_produced(TopicSeriesId series, size_t bytes, Instant at) {
  const TopicSeries& of = series_[series];
  shard_.add(of.produced, 1, at);
  shard_.add(of.produced_bytes, static_cast<double>(bytes), at);
}

void KafkaMetrics::record_delivered(TopicSeriesId series, Duration latency, Instant at) {
  const TopicSeries& of = series_[series];
  shard_.add(of.delivered, 1, at);
  shard_.add(of.produce_duration, to_ms(latency), at);
  shard_.add(of.produce_failed, 0, at);
}

void KafkaMetrics::record_failed(TopicSeriesId series, ErrorCode error, Instant at) {
  const TopicSeries& of = series_[series];
  const TagSetId tags =
      shard_.tags().intern(shard_.tags().at(of.tags)->with("error", name_of(error)));
  add(ids_.failed, tags, 1, at);
  shard_.add(of.produce_failed, 1, at);
}

void KafkaMetrics::record_interrupted(TopicSeriesId series, Instant at) {
  add(ids_.interrupted, series_[series].tags, 1, at);
}

void KafkaMetrics::record_queue_full(TagSetId context, Duration waited, Instant at) {
  add(ids_.queue_full_duration, context, to_ms(waited), at);
}

void KafkaMetrics::record_transaction(TagSetId context, std::string_view result, Duration duration,
                                      Instant at) {
  const TagSetId tags = shard_.tags().intern(shard_.tags().at(context)->with("result", result));
  add(ids_.transactions, tags, 1, at);
  add(ids_.transaction_duration, tags, to_ms(duration), at);
}

void KafkaMetrics::record_consumed(TopicSeriesId series, size_t bytes, Instant at) {
  const TopicSeries& of = series_[series];
  shard_.add(of.consumed, 1, at);
  shard_.add(of.consumed_bytes, static_cast<double>(bytes), at);
}

void KafkaMetrics::record_end_to_end(TopicSeriesId series, Duration latency, Instant at) {
  add(ids_.end_to_end, series_[series].tags, to_ms(latency), at);
}

void KafkaMetrics::record_reply(TopicSeriesId series, Duration duration, Instant at) {
  const TagSetId tags = series_[series].tags;
  add(ids_.requests, tags, 1, at);
  add(ids_.request_duration, tags, to_ms(duration), at);
  add(ids_.request_failed, tags, 0, at);
}

void KafkaMetrics::record_no_reply(TopicSeriesId series, std::string_view error, Instant at) {
  const TagSetId tags =
      shard_.tags().intern(shard_.tags().at(series_[series].tags)->with("error", error));
  add(ids_.requests, tags, 1, at);
  add(ids_.request_failed, tags, 1, at);
}

void KafkaMetrics::record_request_interrupted(TopicSeriesId series, Instant at) {
  add(ids_.requests_interrupted, series_[series].tags, 1, at);
}

void KafkaMetrics::record_stray_reply(std::string_view kind, Instant at) {
  add(ids_.stray_replies, shard_.tags().intern(run_tags_.with("kind", kind)), 1, at);
}

void KafkaMetrics::record_error(ErrorCode error, Instant at) {
  const TagSetId tags = shard_.tags().intern(run_tags_.with("error", name_of(error)));
  add(ids_.errors, tags, 1, at);
}

void KafkaMetrics::record_rebalance(Instant at) {
  add(ids_.rebalances, run_context_, 1, at);
}

void KafkaMetrics::record_lag(double messages, Instant at) {
  add(ids_.lag, run_context_, messages, at);
}

void KafkaMetrics::record_topic_lag(const std::string& group, const std::string& topic,
                                    double messages, Instant at) {
  TagSet tags = run_tags_.with("topic", topic);
  if (!group.empty()) tags = tags.with("group", group);
  add(ids_.topic_lag, shard_.tags().intern(tags), messages, at);
}

void KafkaMetrics::record_retries(double count, Instant at) {
  add(ids_.retries, run_context_, count, at);
}

void KafkaMetrics::add_of_broker(MetricId metric, const std::string& broker, double value,
                                 Instant at) {
  add(metric, shard_.tags().intern(run_tags_.with("broker", broker)), value, at);
}

void KafkaMetrics::record_round_trip(const std::string& broker, double ms, Instant at) {
  add_of_broker(ids_.broker_rtt, broker, ms, at);
}

void KafkaMetrics::record_queue_time(const std::string& broker, double ms, Instant at) {
  add_of_broker(ids_.queue_time, broker, ms, at);
}

void KafkaMetrics::record_throttle(const std::string& broker, double ms, Instant at) {
  add_of_broker(ids_.broker_throttle, broker, ms, at);
}

}  // namespace perigee::kafka
