#include "engine/output/summary_data.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "engine/output/summary_json.h"

namespace perigee {
namespace {

using Json = nlohmann::json;

Json check_data(const SummaryCheck& check) {
  return {{"name", check.name},
          {"path", check.path},
          {"id", path_id(check.path)},
          {"passes", check.passes},
          {"fails", check.fails}};
}

Json group_data(const SummaryGroup& group) {
  Json groups = Json::array();
  for (const SummaryGroup& child : group.groups)
    groups.push_back(group_data(child));
  Json checks = Json::array();
  for (const SummaryCheck& check : group.checks)
    checks.push_back(check_data(check));
  return {{"name", group.name},
          {"path", group.path},
          {"id", path_id(group.path)},
          {"groups", std::move(groups)},
          {"checks", std::move(checks)}};
}

Json metric_data(const SummaryMetric& metric) {
  Json data{{"type", to_string(metric.kind)},
            {"contains", to_string(metric.contains)},
            {"values", json_values(metric, "rate")}};
  // k6 has no such key; its figures of nothing are 0, too.
  if (metric.no_samples) data["noSamples"] = true;
  for (const SummaryFailure& failure : metric.failures)
    data["failures"].push_back({{"name", failure.name}, {"count", failure.count}});
  for (const SummaryThreshold& threshold : metric.thresholds)
    data["thresholds"][threshold.source] = {{"ok", threshold.ok}};
  return data;
}

Json options_data(const Summary& summary, const SummaryState& state) {
  Json stats = Json::array();
  for (const Aggregate& stat : summary.trend_stats)
    stats.push_back(to_string(stat));
  return {{"summaryTrendStats", std::move(stats)},
          {"summaryTimeUnit", summary.time_unit},
          {"noColor", state.no_color}};
}

}  // namespace

nlohmann::json summary_data(const Summary& summary, const SummaryState& state) {
  Json metrics = Json::object();
  for (const SummaryMetric& metric : summary.metrics)
    metrics[metric.name] = metric_data(metric);
  Json data{{"root_group", group_data(summary.root)},
            {"options", options_data(summary, state)},
            {"state",
             {{"isStdOutTTY", state.stdout_is_terminal},
              {"isStdErrTTY", state.stderr_is_terminal},
              {"testRunDurationMs", to_ms(summary.test_run_duration)},
              {"loadDurationMs", summary.load_seconds * 1000}}},
            {"metrics", std::move(metrics)}};
  if (!summary.warnings.empty()) data["warnings"] = summary.warnings;
  return data;
}

}  // namespace perigee
