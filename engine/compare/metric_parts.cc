#include "engine/compare/metric_parts.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/suggest.h"

namespace perigee::compare {
namespace {

// These phases of a request have parts only if somebody asks for one.
bool is_detail(std::string_view metric) {
  constexpr std::array<std::string_view, 5> kPhases{"http_req_blocked", "http_req_connecting",
                                                    "http_req_tls_handshaking", "http_req_sending",
                                                    "http_req_receiving"};
  return std::find(kPhases.begin(), kPhases.end(), metric) != kPhases.end();
}

std::string shown_value(const std::string& value) {
  const bool is_plain = value.find_first_of(",\"'") == std::string::npos;
  if (is_plain) return value;
  const char mark = value.find('"') == std::string::npos ? '"' : '\'';
  return fmt::format("{0}{1}{0}", mark, value);
}

// Those of the tags that are there.
TagSet picked(const TagSet& tags, const std::vector<std::string>& names) {
  TagSet some;
  for (const std::string& name : names) {
    const std::string* value = tags.find(name);
    if (value != nullptr && !value->empty()) some.set(name, *value);
  }
  return some;
}

}  // namespace

std::string part_name(std::string_view metric, const TagSet& tags) {
  std::string list;
  for (const auto& [name, value] : tags)
    list += fmt::format("{}{}:{}", list.empty() ? "" : ",", name, shown_value(value));
  return fmt::format("{}{{{}}}", metric, list);
}

std::vector<MetricId> MetricParts::of(const Metric& metric, const TagSet& tags) {
  std::vector<MetricId> all;
  for (const auto& [name, value] : tags)
    tags_.insert(name);
  if (metric.kind == MetricKind::kGauge) return all;
  for (const MetricSelector& selector : selectors_) {
    if (selector.metric != metric.name || !tags.contains(selector.tags)) continue;
    all.push_back(number_of(metric, selector.tags));
  }
  const TagSet some = is_detail(metric.name) ? TagSet() : picked(tags, by_);
  if (!some.empty() && has_room(metric, some)) all.push_back(number_of(metric, some));
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

void MetricParts::require_tags() const {
  for (const std::string& name : by_) {
    if (tags_.contains(name)) continue;
    const std::vector<std::string_view> known(tags_.begin(), tags_.end());
    throw ConfigError(fmt::format("--by: no sample has a tag \"{}\"{}; there are {}", name,
                                  did_you_mean(name, known), fmt::join(known, ", ")));
  }
}

bool MetricParts::has_room(const Metric& metric, const TagSet& tags) {
  if (numbers_.contains(part_name(metric.name, tags))) return true;
  size_t& count = counts_[metric.id];
  if (count == kMaxParts) is_full_ = true;
  return count < kMaxParts && ++count > 0;
}

MetricId MetricParts::number_of(const Metric& metric, const TagSet& tags) {
  const std::string name = part_name(metric.name, tags);
  const auto [place, is_new] = numbers_.try_emplace(name, 0);
  if (!is_new) return place->second;
  place->second =
      registry_.add(fmt::format("part_{}", parts_.size()), metric.kind, metric.contains);
  parts_.push_back({.name = name, .whole = metric.name});
  return place->second;
}

const Metric* MetricParts::find(std::string_view name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? nullptr : &registry_.at(found->second);
}

void PartRecorder::begin(TimeOrigin origin) {
  whole_.begin(origin);
  of_parts_.begin(origin);
}

void PartRecorder::add(const Snapshot& snapshot) {
  whole_.add(snapshot);
  Snapshot parts;
  for (const SeriesDelta& delta : snapshot.series) {
    for (const MetricId part : parts_of(delta))
      parts.series.push_back({part, delta.tags, delta.sink});
  }
  of_parts_.add(parts);
}

void PartRecorder::tick(const RunMoment& moment) {
  whole_.tick(moment);
  of_parts_.tick(moment);
}

const std::vector<MetricId>& PartRecorder::parts_of(const SeriesDelta& delta) {
  const auto [place, is_new] = known_.try_emplace({delta.metric, delta.tags});
  if (is_new) place->second = parts_.of(registry_.at(delta.metric), *delta.tags);
  return place->second;
}

}  // namespace perigee::compare
