#include "engine/metrics/threshold.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/suggest.h"

namespace perigee {
namespace {

using Kind = Aggregate::Kind;

// Longer ones first: "===" must not be read as "==".
constexpr std::array<std::pair<std::string_view, Comparison>, 7> kOperators{
    {{"===", Comparison::kEqual},
     {"==", Comparison::kEqual},
     {"!=", Comparison::kNotEqual},
     {"<=", Comparison::kLessOrEqual},
     {">=", Comparison::kGreaterOrEqual},
     {"<", Comparison::kLess},
     {">", Comparison::kGreater}}};

std::string_view trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

[[noreturn]] void fail(std::string_view source, std::string_view reason) {
  throw ConfigError(
      fmt::format("threshold \"{}\" is malformed: {}; write an aggregate (count, rate, value, avg, "
                  "min, med, max "
                  "or p(N) with N from 0 to 100), one of < <= > >= == === != and a number, such as "
                  "\"p(95)<200\"",
                  source, reason));
}

std::optional<Comparison> take_operator(std::string_view& text) {
  for (const auto& [spelling, comparison] : kOperators) {
    if (text.substr(0, spelling.size()) != spelling) continue;
    text.remove_prefix(spelling.size());
    return comparison;
  }
  return std::nullopt;
}

std::optional<double> parse_number(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

// What the thresholds of a kind of metric can be about, as people read it.
std::string_view aggregates_of(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter:
      return "count and rate";
    case MetricKind::kGauge:
      return "value";
    case MetricKind::kRate:
      return "rate";
    case MetricKind::kTrend:
      break;
  }
  return "avg, min, med, max and p(N)";
}

bool has_aggregate(MetricKind kind, Kind aggregate) {
  switch (aggregate) {
    case Kind::kCount:
      return kind == MetricKind::kCounter;
    case Kind::kRate:
      return kind == MetricKind::kCounter || kind == MetricKind::kRate;
    case Kind::kValue:
      return kind == MetricKind::kGauge;
    default:
      return kind == MetricKind::kTrend;
  }
}

bool has_aggregates(const Metric& metric, const std::vector<Threshold>& thresholds) {
  return std::all_of(thresholds.begin(), thresholds.end(), [&](const Threshold& threshold) {
    return has_aggregate(metric.kind, threshold.aggregate.kind);
  });
}

const Metric& find_metric(const MetricSelector& selector, const std::vector<Threshold>& thresholds,
                          const MetricRegistry& registry) {
  if (const Metric* metric = registry.find(selector.metric)) return *metric;
  // One that would be refused for its kind is not offered.
  std::vector<std::string_view> names;
  for (const Metric& metric : registry) {
    if (has_aggregates(metric, thresholds)) names.emplace_back(metric.name);
  }
  throw ConfigError(fmt::format("there is no metric \"{}\"{}", selector.metric,
                                did_you_mean(selector.metric, names)));
}

}  // namespace

Threshold parse_threshold(std::string_view source) {
  const size_t place = source.find_first_of("<>=!");
  if (place == std::string_view::npos) fail(source, "it has no operator");
  Threshold threshold;
  threshold.source = source;
  const auto aggregate = parse_aggregate(trim(source.substr(0, place)));
  if (!aggregate) fail(source, "it does not begin with an aggregate");
  std::string_view rest = source.substr(place);
  const auto op = take_operator(rest);
  if (!op) fail(source, "its operator is unknown");
  const auto limit = parse_number(trim(rest));
  if (!limit) fail(source, "it does not end with a number");
  threshold.aggregate = *aggregate;
  threshold.op = *op;
  threshold.limit = *limit;
  return threshold;
}

void check_aggregate(const Threshold& threshold, const Metric& metric) {
  if (has_aggregate(metric.kind, threshold.aggregate.kind)) return;
  throw ConfigError(fmt::format("threshold \"{}\" does not fit \"{}\": a {} has {}, not {}",
                                threshold.source, metric.name, to_string(metric.kind),
                                aggregates_of(metric.kind), to_string(threshold.aggregate)));
}

std::optional<double> observed(const Threshold& threshold, const Sink& sink, double load_seconds) {
  if (sink.empty()) return std::nullopt;
  switch (sink.kind()) {
    case MetricKind::kCounter:
      if (threshold.aggregate.kind == Kind::kCount) return sink.counter().sum;
      return load_seconds > 0 ? sink.counter().sum / load_seconds : 0;
    case MetricKind::kGauge:
      return sink.gauge().value;
    case MetricKind::kRate:
      return sink.rate().share();
    case MetricKind::kTrend:
      break;
  }
  return value_of(threshold.aggregate, sink.trend());
}

bool holds(const Threshold& threshold, double observed) {
  switch (threshold.op) {
    case Comparison::kLess:
      return observed < threshold.limit;
    case Comparison::kLessOrEqual:
      return observed <= threshold.limit;
    case Comparison::kGreater:
      return observed > threshold.limit;
    case Comparison::kGreaterOrEqual:
      return observed >= threshold.limit;
    case Comparison::kEqual:
      return observed == threshold.limit;
    case Comparison::kNotEqual:
      break;
  }
  return observed != threshold.limit;
}

ThresholdSet::ThresholdSet(std::vector<ThresholdDefinition> definitions,
                           const MetricRegistry& registry, NoSamples no_samples)
    : no_samples_(no_samples) {
  for (ThresholdDefinition& definition : definitions) {
    MetricSelector selector = parse_selector(definition.selector);
    const Metric& metric = find_metric(selector, definition.thresholds, registry);
    for (const Threshold& threshold : definition.thresholds)
      check_aggregate(threshold, metric);
    entries_.push_back({std::move(selector), metric.id, std::move(definition.thresholds)});
  }
}

std::vector<MetricSelector> submetrics_of(const ThresholdSet& thresholds,
                                          const MetricRegistry& registry) {
  std::vector<MetricSelector> submetrics;
  const auto add = [&](const MetricSelector& selector) {
    const bool known =
        std::any_of(submetrics.begin(), submetrics.end(),
                    [&](const MetricSelector& other) { return other.text == selector.text; });
    if (!known && !selector.tags.empty()) submetrics.push_back(selector);
  };
  for (const MetricThresholds& entry : thresholds.entries())
    add(entry.selector);
  const MetricSelector expected = parse_selector("http_req_duration{expected_response:true}");
  if (registry.find(expected.metric) != nullptr) add(expected);
  return submetrics;
}

}  // namespace perigee
