#include "engine/output/load_report_json.h"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "engine/base/json_text.h"
#include "engine/output/histogram_bars.h"

namespace perigee {
namespace {

// Keys stay in the order in which a person would read them.
using Json = nlohmann::ordered_json;

constexpr std::array<std::pair<const char*, double>, 6> kPercentiles{
    {{"p50", 50}, {"p75", 75}, {"p90", 90}, {"p95", 95}, {"p99", 99}, {"p99.9", 99.9}}};
constexpr size_t kBars = 12;

Json distribution(const Histogram& times) {
  Json json{
      {"count", times.count()}, {"avg", times.avg()}, {"min", times.min()}, {"max", times.max()}};
  for (const auto& [name, percentile] : kPercentiles)
    json[name] = times.percentile(percentile);
  return json;
}

Json bars_json(const Histogram& times) {
  Json bars = Json::array();
  for (const HistogramBar& bar : histogram_bars(times, kBars))
    bars.push_back({{"from_ms", bar.from}, {"to_ms", bar.to}, {"count", bar.count}});
  return bars;
}

Json requests_json(const LoadReport& report) {
  const double rate =
      report.seconds > 0 ? static_cast<double>(report.requests) / report.seconds : 0;
  return {{"count", report.requests},          {"per_second", rate},
          {"failed", report.failed},           {"dropped", report.dropped},
          {"interrupted", report.interrupted}, {"retried", report.retried}};
}

Json thresholds_json(const LoadReport& report) {
  Json thresholds = Json::array();
  for (const SummaryMetric& metric : report.thresholds) {
    for (const SummaryThreshold& threshold : metric.thresholds) {
      thresholds.push_back(
          {{"metric", metric.name}, {"expression", threshold.source}, {"ok", threshold.ok}});
      if (metric.no_samples) thresholds.back()["no_samples"] = true;
    }
  }
  return thresholds;
}

}  // namespace

std::string load_report_json(const LoadReport& report, JsonRepairs* repairs) {
  Json json{{"method", report.method},
            {std::string(report.words.target), report.target},
            {"seconds", report.seconds},
            {std::string(report.words.requests), requests_json(report)},
            {"latency_ms", distribution(report.latency)}};
  if (report.from_due) json["latency_from_due_ms"] = distribution(*report.from_due);
  json["histogram"] = bars_json(report.latency);
  json["phases_ms"] = Json::object();
  for (const LoadPhase& phase : report.phases)
    json["phases_ms"][std::string(phase.key)] = distribution(phase.times);
  json["status_codes"] = Json::object();
  for (const auto& [status, count] : report.statuses)
    json["status_codes"][status] = count;
  json["errors"] = Json::array();
  for (const LoadErrorCount& error : report.errors)
    json["errors"].push_back({{"error", error.text}, {"code", error.code}, {"count", error.count}});
  json["bytes"] = {{"sent", static_cast<uint64_t>(report.bytes_sent)},
                   {"received", static_cast<uint64_t>(report.bytes_received)}};
  json["thresholds"] = thresholds_json(report);
  json["warnings"] = report.warnings;
  return json_text(json, 2, repairs) + '\n';
}

}  // namespace perigee
