#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "engine/base/json_text.h"
#include "engine/output/summary_export.h"
#include "engine/output/summary_json.h"
#include "engine/output/time_text.h"

namespace perigee {
namespace {

using Json = nlohmann::json;

constexpr int kIndent = 4;

Json describe(std::string_view name, std::string_view kind, std::string_view contains,
              Json values) {
  return {{"name", name}, {"type", kind}, {"contains", contains}, {"values", std::move(values)}};
}

Json rate_values(double matches, double total) {
  return {{"rate", total > 0 ? matches / total : 0}, {"matches", matches}, {"total", total}};
}

// The schema has six statistics of trends and no others.
Json trend_values(const SummaryMetric& metric) {
  static constexpr std::array<std::pair<std::string_view, const char*>, 6> kStats{
      {{"avg", "avg"},
       {"max", "max"},
       {"med", "med"},
       {"min", "min"},
       {"p(90)", "p90"},
       {"p(95)", "p95"}}};
  Json values = Json::object();
  for (const auto& [stat, value] : metric.values) {
    for (const auto& [name, key] : kStats) {
      if (stat == name) values[key] = value;
    }
  }
  return values;
}

Json values_of(const SummaryMetric& metric) {
  if (metric.kind == MetricKind::kTrend) return trend_values(metric);
  if (metric.kind == MetricKind::kRate) {
    return rate_values(metric.value("passes"), metric.value("passes") + metric.value("fails"));
  }
  Json values = json_values(metric, "rate");
  values.erase("rate");
  return values;
}

// As in k6, checks are told apart from the metrics, and durations of groups not at all.
Json metrics_of(const Summary& summary) {
  Json metrics = Json::array();
  for (const SummaryMetric& metric : summary.metrics) {
    if (metric.whole() == "checks" || metric.whole() == "group_duration") continue;
    metrics.push_back(describe(metric.name, to_string(metric.kind), to_string(metric.contains),
                               values_of(metric)));
  }
  return metrics;
}

void add_results(const SummaryGroup& group, Json& results) {
  for (const SummaryCheck& check : group.checks) {
    results.push_back({{"name", check.name}, {"passes", check.passes}, {"fails", check.fails}});
  }
  for (const SummaryGroup& child : group.groups)
    add_results(child, results);
}

Json checks_of(const SummaryMetric& checks, const Summary& summary) {
  const double passes = checks.value("passes");
  const double fails = checks.value("fails");
  Json results = Json::array();
  add_results(summary.root, results);
  const Json total{{"count", passes + fails}};
  return {{"metrics",
           {describe("checks_total", "counter", "default", total),
            describe("checks_failed", "rate", "default", rate_values(fails, passes + fails)),
            describe("checks_succeeded", "rate", "default", rate_values(passes, passes + fails))}},
          {"results", std::move(results)}};
}

}  // namespace

std::string machine_readable_summary(const Summary& summary, const ExportOrigin& origin,
                                     JsonRepairs* repairs) {
  std::string generated_at;
  TimeText(TimeFormat::kRfc3339Nano).append(generated_at, origin.generated_at);
  Json results{{"metrics", metrics_of(summary)}};
  const SummaryMetric* checks = summary.find("checks");
  if (checks != nullptr) results["checks"] = checks_of(*checks, summary);
  return json_text(
      Json{{"version", "1.0.0"},
           {"metadata",
            {{"generated_at", generated_at}, {"k6_version", "perigee " + origin.version}}},
           {"config",
            {{"script", origin.script},
             {"duration", to_seconds(summary.test_run_duration)},
             {"execution", "local"}}},
           {"results", std::move(results)}},
      kIndent, repairs);
}

}  // namespace perigee
