#include "engine/grpc/grpc_metrics.h"

#include <utility>

#include <fmt/format.h>

#include "engine/base/limits.h"

namespace perigee::grpc {
namespace {

// The order of a `Series`.
enum Place : size_t {
  kReqs,
  kBlocked,
  kConnecting,
  kTlsHandshaking,
  kFailed,
  kDuration,  // of unary calls, up to the next three
  kSending,
  kWaiting,
  kReceiving,
  kStreams,
  kStreamDuration,
};

}  // namespace

GrpcMetricIds GrpcMetricIds::declare(MetricRegistry& registry) {
  const auto trend = [&](std::string_view name) {
    return registry.add(name, MetricKind::kTrend, ValueKind::kTime);
  };
  const auto counter = [&](std::string_view name) {
    return registry.add(name, MetricKind::kCounter);
  };
  GrpcMetricIds ids{};
  ids.reqs = counter("grpc_reqs");
  ids.duration = trend("grpc_req_duration");
  ids.blocked = trend("grpc_req_blocked");
  ids.connecting = trend("grpc_req_connecting");
  ids.tls_handshaking = trend("grpc_req_tls_handshaking");
  ids.sending = trend("grpc_req_sending");
  ids.waiting = trend("grpc_req_waiting");
  ids.receiving = trend("grpc_req_receiving");
  ids.failed = registry.add("grpc_req_failed", MetricKind::kRate);
  ids.reqs_interrupted = counter("grpc_reqs_interrupted");
  ids.reqs_retried = counter("grpc_reqs_retried");
  ids.streams = counter("grpc_streams");
  ids.stream_duration = trend("grpc_stream_duration");
  ids.messages_sent = counter("grpc_streams_msgs_sent");
  ids.messages_received = counter("grpc_streams_msgs_received");
  ids.first_message = trend("grpc_stream_time_to_first_message");
  ids.message_gap = trend("grpc_stream_message_gap");
  return ids;
}

size_t GrpcMetrics::KeyHash::operator()(const Key& key) const {
  constexpr uint64_t kMix = 0x9e37'79b9'7f4a'7c15;
  return (((uint64_t{key.context} << 32 | key.call) * kMix) ^ key.code) * kMix >> 16;
}

CallTagsId GrpcMetrics::call_tags(std::string_view server, std::string_view path,
                                  const TagSet& own) {
  TagSet tags = own;
  const size_t slash = path.rfind('/');
  const std::string* name = own.find("name");
  const std::string url = fmt::format("{}{}", server, path);
  tags.set("name", name != nullptr ? std::string(*name) : std::string(path));
  tags.set("url", name != nullptr ? std::string(*name) : url);
  tags.set("service", path.substr(1, slash - 1));
  tags.set("method", path.substr(slash + 1));
  tags = shard_.tags().strip(std::move(tags));
  if (call_ids_.size() >= limits::kTagSets && !call_ids_.contains(tags)) {
    tags = {{"name", std::string(kTooManyTagSets)}};
  }
  const auto next = static_cast<CallTagsId>(calls_.size());
  const auto [found, added] = call_ids_.try_emplace(std::move(tags), next);
  if (added) calls_.push_back(found->first);
  return found->second;
}

TagSetId GrpcMetrics::tags_of(TagSetId context, CallTagsId call, std::optional<uint32_t> code) {
  TagSet tags = *shard_.tags().at(context);
  for (const auto& [key, value] : calls_[call])
    tags.set(key, value);
  if (code) tags.set("status", fmt::format_int(*code).c_str());
  return shard_.tags().intern(std::move(tags));
}

const GrpcMetrics::Series& GrpcMetrics::series_of(const Key& key) {
  if (last_series_ != nullptr && key == last_key_) return *last_series_;
  auto found = series_.find(key);
  if (found == series_.end()) {
    // Tag sets are bounded, what leads to them is not; the shard finds its series again.
    if (series_.size() >= 2 * limits::kTagSets) series_.clear();
    found = series_.emplace(key, make_series(key)).first;
  }
  last_key_ = key;
  last_series_ = &found->second;
  return *last_series_;
}

GrpcMetrics::Series GrpcMetrics::make_series(const Key& key) {
  const TagSetId tags = tags_of(key.context, key.call, key.code);
  const std::array<MetricId, kMetrics> metrics{
      ids_.reqs,      ids_.blocked,  ids_.connecting,     ids_.tls_handshaking,
      ids_.failed,    ids_.duration, ids_.sending,        ids_.waiting,
      ids_.receiving, ids_.streams,  ids_.stream_duration};
  Series series{};
  for (size_t i = 0; i < metrics.size(); ++i)
    series[i] = shard_.series(metrics[i], tags);
  return series;
}

void GrpcMetrics::record_all(const Series& series, Verdict verdict, const CallEnd& end) {
  shard_.add(series[kReqs], 1, end.ended);
  shard_.add(series[kBlocked], to_ms(end.timings.blocked), end.ended);
  shard_.add(series[kConnecting], to_ms(end.timings.connecting), end.ended);
  shard_.add(series[kTlsHandshaking], to_ms(end.timings.tls_handshaking), end.ended);
  if (verdict == Verdict::kNotJudged) return;
  shard_.add(series[kFailed], verdict == Verdict::kFailed ? 1 : 0, end.ended);
}

void GrpcMetrics::record_retries(TagSetId context, CallTagsId call, const CallEnd& end) {
  if (end.retries == 0) return;
  const TagSetId tags = tags_of(context, call, {});
  shard_.add(shard_.series(ids_.reqs_retried, tags), end.retries, end.ended);
}

void GrpcMetrics::record_unary(TagSetId context, CallTagsId call, Verdict verdict,
                               const CallEnd& end) {
  const Series& series = series_of({context, call, static_cast<uint32_t>(end.status.code)});
  record_all(series, verdict, end);
  shard_.add(series[kDuration], to_ms(end.timings.duration()), end.ended);
  shard_.add(series[kSending], to_ms(end.timings.sending), end.ended);
  shard_.add(series[kWaiting], to_ms(end.timings.waiting), end.ended);
  shard_.add(series[kReceiving], to_ms(end.timings.receiving), end.ended);
  record_retries(context, call, end);
}

void GrpcMetrics::record_stream(TagSetId context, CallTagsId call, Verdict verdict,
                                const CallEnd& end) {
  const Series& series = series_of({context, call, static_cast<uint32_t>(end.status.code)});
  record_all(series, verdict, end);
  shard_.add(series[kStreams], 1, end.ended);
  shard_.add(series[kStreamDuration], to_ms(end.ended - end.started), end.ended);
  record_retries(context, call, end);
}

void GrpcMetrics::record_interrupted(TagSetId context, CallTagsId call, Instant at) {
  shard_.add(shard_.series(ids_.reqs_interrupted, tags_of(context, call, {})), 1, at);
}

GrpcMetrics::StreamSeries GrpcMetrics::stream_series(TagSetId context, CallTagsId call) {
  const TagSetId tags = tags_of(context, call, {});
  return {.sent = shard_.series(ids_.messages_sent, tags),
          .received = shard_.series(ids_.messages_received, tags),
          .first = shard_.series(ids_.first_message, tags),
          .gap = shard_.series(ids_.message_gap, tags)};
}

void GrpcMetrics::record_received(const StreamSeries& series, Instant started,
                                  const std::optional<Instant>& before, Instant at) {
  shard_.add(series.received, 1, at);
  shard_.add(before ? series.gap : series.first, to_ms(at - before.value_or(started)), at);
}

}  // namespace perigee::grpc
