#include "engine/output/summary_export.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "engine/base/json_text.h"
#include "engine/output/summary_json.h"

namespace perigee {
namespace {

using Json = nlohmann::json;

constexpr int kIndent = 4;

Json export_check(const SummaryCheck& check) {
  return {{"name", check.name},
          {"path", check.path},
          {"id", path_id(check.path)},
          {"passes", check.passes},
          {"fails", check.fails}};
}

Json export_group(const SummaryGroup& group) {
  Json groups = Json::object();
  for (const SummaryGroup& child : group.groups)
    groups[child.name] = export_group(child);
  Json checks = Json::object();
  for (const SummaryCheck& check : group.checks)
    checks[check.name] = export_check(check);
  return {{"name", group.name},
          {"path", group.path},
          {"id", path_id(group.path)},
          {"groups", std::move(groups)},
          {"checks", std::move(checks)}};
}

Json export_metric(const SummaryMetric& metric) {
  Json values = json_values(metric, "value");
  // Readers of k6's file take a part that was asked for to have thresholds, also where it is only
  // shown; k6 adds one part by itself.
  const bool was_asked_for = !metric.parent.empty() && metric.suffix != "expected_response:true";
  if (was_asked_for) values["thresholds"] = Json::object();
  for (const SummaryThreshold& threshold : metric.thresholds) {
    values["thresholds"][threshold.source] = !threshold.ok;
  }
  return values;
}

}  // namespace

std::string summary_export(const Summary& summary, const Json& setup_data, JsonRepairs* repairs) {
  Json metrics = Json::object();
  for (const SummaryMetric& metric : summary.metrics) {
    metrics[metric.name] = export_metric(metric);
  }
  Json exported{{"root_group", export_group(summary.root)}, {"metrics", std::move(metrics)}};
  if (!setup_data.is_null()) exported["setup_data"] = setup_data;
  return json_text(exported, kIndent, repairs);
}

}  // namespace perigee
