#include "engine/output/json_line.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/duration.h"
#include "engine/base/json_text.h"

namespace perigee {
namespace {

using Json = nlohmann::ordered_json;

template <typename Pairs>
Json tags_of(const Pairs& pairs) {
  Json json = Json::object();
  for (const auto& [key, value] : pairs)
    json[key] = value;
  return json;
}

Json describe(const Threshold& threshold) {
  if (!threshold.abort_on_fail) return threshold.source;
  Json delay;
  if (threshold.delay_abort_eval > Duration::zero()) {
    delay = format_duration(threshold.delay_abort_eval);
  }
  return {{"threshold", threshold.source}, {"abortOnFail", true}, {"delayAbortEval", delay}};
}

Json thresholds_of(const Metric& metric, const ThresholdSet& thresholds) {
  Json list = Json::array();
  for (const MetricThresholds& entry : thresholds.entries()) {
    if (entry.metric != metric.id || !entry.selector.tags.empty()) continue;
    for (const Threshold& threshold : entry.thresholds)
      list.push_back(describe(threshold));
  }
  return list;
}

// Null rather than an empty list, as in k6.
Json submetrics_of(const Metric& metric, const std::vector<MetricSelector>& submetrics) {
  Json list;
  for (const MetricSelector& selector : submetrics) {
    if (selector.metric != metric.name) continue;
    list.push_back(
        {{"name", selector.text}, {"suffix", selector.suffix()}, {"tags", tags_of(selector.tags)}});
  }
  return list;
}

}  // namespace

std::string json_metric_line(const Metric& metric, const ThresholdSet& thresholds,
                             const std::vector<MetricSelector>& submetrics) {
  const Json data{{"name", metric.name},
                  {"type", to_string(metric.kind)},
                  {"contains", to_string(metric.contains)},
                  {"thresholds", thresholds_of(metric, thresholds)},
                  {"submetrics", submetrics_of(metric, submetrics)}};
  return json_text(Json{{"type", "Metric"}, {"data", data}, {"metric", metric.name}}) + '\n';
}

std::string json_point_head(const Metric& metric) {
  return fmt::format(R"({{"metric":"{}","type":"Point","data":{{"time":")", metric.name);
}

std::string json_point_tags(const TagSet& tags, JsonRepairs* repairs) {
  return R"(,"tags":)" + json_text(tags_of(tags), -1, repairs);
}

std::string json_point_metadata(const Metadata& metadata, JsonRepairs* repairs) {
  return R"(,"metadata":)" + json_text(tags_of(metadata), -1, repairs);
}

}  // namespace perigee
