#include "engine/output/summary_data_reader.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "engine/metrics/threshold.h"

namespace perigee {
namespace {

using Json = nlohmann::json;

// A member of an object, null if there is none.
const Json& member(const Json& object, const char* key) {
  static const Json kNull;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : kNull;
}

std::string text_of(const Json& object, const char* key) {
  const Json& text = member(object, key);
  return text.is_string() ? text.get<std::string>() : std::string();
}

double number_of(const Json& object, const char* key) {
  const Json& number = member(object, key);
  return number.is_number() ? number.get<double>() : 0;
}

uint64_t count_of(const Json& object, const char* key) {
  return static_cast<uint64_t>(std::max(0.0, number_of(object, key)));
}

MetricKind kind_of(const std::string& name, const std::string& word) {
  for (auto kind :
       {MetricKind::kCounter, MetricKind::kGauge, MetricKind::kRate, MetricKind::kTrend}) {
    if (to_string(kind) == word) return kind;
  }
  throw std::runtime_error(fmt::format(
      "metrics[\"{}\"].type is \"{}\", and none of counter, gauge, rate, trend", name, word));
}

ValueKind contents_of(const std::string& word) {
  for (auto contains : {ValueKind::kTime, ValueKind::kData}) {
    if (to_string(contains) == word) return contains;
  }
  return ValueKind::kDefault;
}

// Values of trends in the order of the columns, then whatever else there is.
SummaryValues read_values(const Json& values, const std::vector<std::string>& columns) {
  SummaryValues read;
  const auto add = [&](const std::string& stat, const Json& value) {
    const bool known = std::any_of(read.begin(), read.end(),
                                   [&](const auto& other) { return other.first == stat; });
    if (value.is_number() && !known) read.emplace_back(stat, value.get<double>());
  };
  for (const std::string& column : columns)
    add(column, member(values, column.c_str()));
  if (!values.is_object()) return read;
  for (const auto& [stat, value] : values.items())
    add(stat, value);
  return read;
}

SummaryThreshold read_threshold(const std::string& source, bool ok, const SummaryMetric& metric) {
  SummaryThreshold threshold{source, {}, ok, {}};
  try {
    threshold.aggregate = parse_threshold(source).aggregate;
  } catch (const ConfigError&) {
    return threshold;  // one that the script has made up
  }
  const std::string stat = to_string(threshold.aggregate);
  const auto found = std::find_if(metric.values.begin(), metric.values.end(),
                                  [&](const auto& value) { return value.first == stat; });
  if (found != metric.values.end() && !metric.no_samples) threshold.observed = found->second;
  return threshold;
}

SummaryMetric read_metric(const std::string& name, const Json& data,
                          const std::vector<std::string>& columns) {
  SummaryMetric metric{.name = name};
  metric.kind = kind_of(name, text_of(data, "type"));
  metric.contains = contents_of(text_of(data, "contains"));
  metric.no_samples = member(data, "noSamples") == true;
  metric.values = read_values(member(data, "values"), columns);
  for (const Json& failure : member(data, "failures"))
    metric.failures.push_back({text_of(failure, "name"), count_of(failure, "count")});
  const size_t brace = name.find('{');
  if (brace != std::string::npos) {
    metric.parent = name.substr(0, brace);
    metric.suffix = name.substr(brace + 1, name.rfind('}') - brace - 1);
  }
  const Json& thresholds = member(data, "thresholds");
  if (!thresholds.is_object()) return metric;
  for (const auto& [source, verdict] : thresholds.items()) {
    const Json& ok = member(verdict, "ok");
    metric.thresholds.push_back(read_threshold(source, !ok.is_boolean() || ok.get<bool>(), metric));
  }
  return metric;
}

std::vector<SummaryMetric> read_metrics(const Json& data, const std::vector<std::string>& columns) {
  std::vector<SummaryMetric> metrics;
  if (!data.is_object()) return metrics;
  for (const auto& [name, metric] : data.items())
    metrics.push_back(read_metric(name, metric, columns));
  // A metric stands before its parts.
  std::stable_sort(metrics.begin(), metrics.end(),
                   [](const SummaryMetric& a, const SummaryMetric& b) {
                     return std::tie(a.whole(), a.suffix) < std::tie(b.whole(), b.suffix);
                   });
  return metrics;
}

SummaryGroup read_group(const Json& data) {
  SummaryGroup group;
  group.name = text_of(data, "name");
  group.path = text_of(data, "path");
  for (const Json& child : member(data, "groups"))
    group.groups.push_back(read_group(child));
  for (const Json& check : member(data, "checks")) {
    group.checks.push_back({text_of(check, "name"), text_of(check, "path"),
                            count_of(check, "passes"), count_of(check, "fails")});
  }
  return group;
}

}  // namespace

Summary read_summary_data(const Json& data) {
  if (!data.is_object() || !member(data, "metrics").is_object()) {
    throw std::runtime_error("this is not the data that handleSummary was given");
  }
  std::vector<std::string> columns;
  Summary summary;
  const Json& options = member(data, "options");
  for (const Json& stat : member(options, "summaryTrendStats")) {
    if (stat.is_string()) columns.push_back(stat.get<std::string>());
  }
  summary.metrics = read_metrics(member(data, "metrics"), columns);
  summary.root = read_group(member(data, "root_group"));
  summary.load_seconds = number_of(member(data, "state"), "loadDurationMs") / 1000;
  summary.time_unit = text_of(options, "summaryTimeUnit");
  for (const Json& warning : member(data, "warnings")) {
    if (warning.is_string()) summary.warnings.push_back(warning.get<std::string>());
  }
  return summary;
}

}  // namespace perigee
