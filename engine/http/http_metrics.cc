#include "engine/http/http_metrics.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/base/limits.h"

namespace perigee::http {
namespace {

// Texts of errors that are told apart, and addresses: they are few, but servers and the system's
// resolver have a say in both.
constexpr size_t kTexts = 256;

}  // namespace

HttpMetricIds HttpMetricIds::declare(MetricRegistry& registry) {
  const auto trend = [&](std::string_view name) {
    return registry.add(name, MetricKind::kTrend, ValueKind::kTime);
  };
  HttpMetricIds ids{};
  ids.reqs = registry.add("http_reqs", MetricKind::kCounter);
  ids.duration = trend("http_req_duration");
  ids.blocked = trend("http_req_blocked");
  ids.connecting = trend("http_req_connecting");
  ids.tls_handshaking = trend("http_req_tls_handshaking");
  ids.sending = trend("http_req_sending");
  ids.waiting = trend("http_req_waiting");
  ids.receiving = trend("http_req_receiving");
  ids.failed = registry.add("http_req_failed", MetricKind::kRate);
  ids.reqs_interrupted = registry.add("http_reqs_interrupted", MetricKind::kCounter);
  ids.reqs_retried = registry.add("http_reqs_retried", MetricKind::kCounter);
  return ids;
}

size_t HttpMetrics::KeyHash::operator()(const Key& key) const {
  constexpr uint64_t kMix = 0x9e37'79b9'7f4a'7c15;
  const uint64_t who = (uint64_t{key.context} << 32 | key.request) + (uint64_t{key.ip} << 24);
  const uint64_t what =
      uint64_t{key.error_text} << 32 | uint64_t{key.error_code} << 16 | key.status;
  const uint64_t mixed = (who * kMix) ^ (what + static_cast<unsigned>(key.version) * 4U +
                                         static_cast<unsigned>(key.verdict));
  return mixed * kMix >> 16;
}

HttpMetrics::HttpMetrics(const HttpMetricIds& ids, MetricShard& shard) : ids_(ids), shard_(shard) {}

RequestTagsId HttpMetrics::request_tags(std::string_view method, std::string_view url,
                                        std::string_view name, const TagSet& own) {
  TagSet tags = own;
  tags.set("method", method);
  tags.set("name", name.empty() ? url : name);
  tags.set("url", name.empty() ? url : name);
  tags = shard_.tags().strip(std::move(tags));
  const bool named = !name.empty();
  if (request_ids_.size() < limits::kTagSets || request_ids_.contains(tags)) {
    return intern(std::move(tags), named);
  }
  return intern({{"method", std::string(method)}, {"name", std::string(kTooManyTagSets)}}, true);
}

RequestTagsId HttpMetrics::redirected_tags(RequestTagsId request, std::string_view method,
                                           std::string_view url) {
  const TagSet tags = requests_[request].tags;
  if (!requests_[request].named) return request_tags(method, url, {}, tags);
  // The tag `name` may be switched off; `url` then has the name alone.
  const std::string* name = tags.find("name");
  if (name == nullptr) name = tags.find("url");
  return request_tags(method, url, name == nullptr ? std::string_view() : *name, tags);
}

RequestTagsId HttpMetrics::intern(TagSet tags, bool named) {
  const auto next = static_cast<RequestTagsId>(requests_.size());
  const auto [found, added] = request_ids_.try_emplace(std::move(tags), next);
  if (added) requests_.push_back({found->first, named});
  return found->second;
}

uint32_t HttpMetrics::intern_text(std::vector<std::string>& list, const std::string& text,
                                  const char* rest) {
  if (text.empty()) return 0;
  const auto found = std::find(list.begin(), list.end(), text);
  if (found != list.end()) return static_cast<uint32_t>(found - list.begin()) + 1;
  // The last one stands for all there is no room for.
  if (list.size() + 1 < kTexts) {
    list.push_back(text);
  } else if (list.size() < kTexts) {
    list.emplace_back(rest);
  }
  return static_cast<uint32_t>(list.size());
}

void HttpMetrics::record(TagSetId context, RequestTagsId request, int status, HttpVersion version,
                         Verdict verdict, const Outcome& outcome) {
  Key key{.context = context, .request = request, .verdict = verdict};
  if (outcome.error) {
    key.error_text = intern_text(error_texts_, outcome.error.text, "(too many different errors)");
    key.error_code = static_cast<uint16_t>(outcome.error.code);
  } else {
    key.status = static_cast<uint16_t>(status);
    key.error_code = static_cast<uint16_t>(status >= 400 && status < 600 ? 1000 + status : 0);
    key.version = version;
    key.tls_version = outcome.tls.version;
  }

  if (shard_.tags().system_tags().has(SystemTag::kIp) && !outcome.remote.empty()) {
    key.ip = intern_text(ips_, outcome.remote.ip(), "(too many addresses)");
  }

  const Series& series = series_of(key);
  const Timings& timings = outcome.timings;
  const std::array<double, 9> values{1,
                                     to_ms(timings.duration()),
                                     to_ms(timings.blocked),
                                     to_ms(timings.connecting),
                                     to_ms(timings.tls_handshaking),
                                     to_ms(timings.sending),
                                     to_ms(timings.waiting),
                                     to_ms(timings.receiving),
                                     verdict == Verdict::kExpected ? 0.0 : 1.0};
  const size_t samples = values.size() - (verdict == Verdict::kNotJudged ? 1 : 0);
  for (size_t i = 0; i < samples; ++i)
    shard_.add(series[i], values[i], outcome.ended);
  if (outcome.retries > 0) {
    const SeriesId retried = shard_.series(ids_.reqs_retried, sent_tags(context, request));
    shard_.add(retried, outcome.retries, outcome.ended);
  }
}

void HttpMetrics::record_cut_off(TagSetId context, RequestTagsId request, const CutOff& cut_off,
                                 Instant at) {
  const auto add = [&](MetricId metric, uint32_t times) {
    if (times > 0) shard_.add(shard_.series(metric, sent_tags(context, request)), times, at);
  };
  add(ids_.reqs_interrupted, cut_off.sent ? 1 : 0);
  add(ids_.reqs_retried, cut_off.retries);
}

const HttpMetrics::Series& HttpMetrics::series_of(const Key& key) {
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

HttpMetrics::Series HttpMetrics::make_series(const Key& key) {
  const TagSetId tags = shard_.tags().intern(tags_of(key));
  const std::array<MetricId, 9> metrics{ids_.reqs,       ids_.duration,        ids_.blocked,
                                        ids_.connecting, ids_.tls_handshaking, ids_.sending,
                                        ids_.waiting,    ids_.receiving,       ids_.failed};
  Series series{};
  for (size_t i = 0; i < metrics.size(); ++i)
    series[i] = shard_.series(metrics[i], tags);
  return series;
}

TagSet HttpMetrics::tags_of(const Key& key) const {
  TagSet tags = merged_tags(key.context, key.request);
  tags.set("status", fmt::format_int(key.status).c_str());
  if (key.verdict != Verdict::kNotJudged) {
    tags.set("expected_response", key.verdict == Verdict::kExpected ? "true" : "false");
  }
  const bool answered = key.error_text == 0;
  if (answered) tags.set("proto", std::string(version_name(key.version)));
  if (*key.tls_version != '\0') tags.set("tls_version", key.tls_version);
  if (!answered) tags.set("error", error_texts_[key.error_text - 1]);
  if (key.ip != 0) tags.set("ip", ips_[key.ip - 1]);
  if (key.error_code != 0) tags.set("error_code", fmt::format_int(key.error_code).c_str());
  return tags;
}

TagSetId HttpMetrics::answered_tags(TagSetId context, RequestTagsId request, int status,
                                    HttpVersion version, Verdict verdict) {
  return shard_.tags().intern(tags_of({.context = context,
                                       .request = request,
                                       .status = static_cast<uint16_t>(status),
                                       .version = version,
                                       .verdict = verdict}));
}

TagSetId HttpMetrics::sent_tags(TagSetId context, RequestTagsId request) {
  return shard_.tags().intern(merged_tags(context, request));
}

// A tag `name` of the VU or its scenario names the requests that have no name of their own.
TagSet HttpMetrics::merged_tags(TagSetId context, RequestTagsId request) const {
  const RequestTags& own = requests_[request];
  TagSet tags = *shard_.tags().at(context);
  const std::string* name = own.named ? nullptr : tags.find("name");
  const std::string given = name != nullptr ? *name : std::string();
  for (const auto& [key, value] : own.tags) {
    const bool renamed = name != nullptr && (key == "name" || key == "url");
    tags.set(key, renamed ? given : value);
  }
  return tags;
}

}  // namespace perigee::http
