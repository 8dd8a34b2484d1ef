#include "engine/output/text_rows.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "engine/metrics/failure_counts.h"
#include "engine/output/humanize.h"

namespace perigee {
namespace {

bool is_one_of(std::string_view name, const auto& names) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

std::vector<std::string> rate_cells(const SummaryMetric& metric) {
  const double passes = metric.value("passes");
  return {human_share(metric.value("rate")),
          fmt::format("{} out of {}", human_number(passes),
                      human_number(passes + metric.value("fails")))};
}

std::vector<std::string> trend_cells(const SummaryMetric& metric, std::string_view time_unit) {
  std::vector<std::string> cells;
  for (const auto& [stat, value] : metric.values) {
    const std::string text =
        stat == "count" ? human_number(value) : human_value(value, metric.contains, time_unit);
    cells.push_back(fmt::format("{}={}", stat, text));
  }
  return cells;
}

std::vector<std::string> cells_of(const SummaryMetric& metric, std::string_view time_unit) {
  const auto human = [&](std::string_view stat) {
    return human_value(metric.value(stat), metric.contains, time_unit);
  };
  switch (metric.kind) {
    case MetricKind::kCounter:
      return {human("count"), human("rate") + "/s"};
    case MetricKind::kGauge:
      return {human("value"), "min=" + human("min"), "max=" + human("max")};
    case MetricKind::kRate:
      return rate_cells(metric);
    case MetricKind::kTrend:
      break;
  }
  return trend_cells(metric, time_unit);
}

std::string human_observed(const SummaryMetric& metric, const SummaryThreshold& threshold,
                           std::string_view time_unit) {
  if (metric.kind == MetricKind::kRate) return human_share(*threshold.observed);
  const bool is_rate = threshold.aggregate.kind == Aggregate::Kind::kRate;
  return human_value(*threshold.observed, metric.contains, time_unit) + (is_rate ? "/s" : "");
}

}  // namespace

std::string observed_text(const SummaryMetric& metric, const SummaryThreshold& threshold,
                          std::string_view time_unit) {
  if (metric.no_samples && !threshold.observed) return "no samples";
  if (!threshold.observed) return "";
  return to_string(threshold.aggregate) + '=' + human_observed(metric, threshold, time_unit);
}

TextRow metric_row(const SummaryMetric& metric, std::string_view time_unit) {
  std::string name = metric.is_submetric() ? fmt::format("  {{ {} }}", metric.suffix) : metric.name;
  // A sum of nothing is 0; an average or a share of nothing is not.
  if (metric.no_samples && metric.kind != MetricKind::kCounter)
    return {std::move(name), {"no samples"}};
  return {std::move(name), cells_of(metric, time_unit), metric.kind == MetricKind::kTrend};
}

std::vector<TextRow> failure_rows(const SummaryMetric& metric) {
  std::vector<TextRow> rows;
  const double total = metric.value("passes") + metric.value("fails");
  for (const SummaryFailure& failure : metric.failures) {
    const auto count = static_cast<double>(failure.count);
    rows.push_back({"  " + failure.name,
                    {human_share(count / total),
                     fmt::format("{} out of {}", human_number(count), human_number(total))}});
  }
  return rows;
}

const std::vector<std::string_view>& text_sections() {
  static const std::vector<std::string_view> kSections{
      "CUSTOM", "HTTP", "EXECUTION", "NETWORK", "GRPC", "WEBSOCKET", "KAFKA", "KUBERNETES"};
  return kSections;
}

std::string_view section_of(std::string_view metric) {
  static constexpr std::string_view kExecution[] = {"vus",
                                                    "vus_max",
                                                    "iterations",
                                                    "iteration_duration",
                                                    "group_duration",
                                                    "iteration_errors",
                                                    "iteration_start_delay",
                                                    "iteration_latency",
                                                    "iterations_interrupted",
                                                    "dropped_iterations",
                                                    "tag_sets_refused",
                                                    "worker_busy",
                                                    "loop_lag"};
  if (is_one_of(metric, kExecution)) return "EXECUTION";
  if (metric == "data_sent" || metric == "data_received") return "NETWORK";
  if (metric.starts_with("http_")) return "HTTP";
  if (metric.starts_with("grpc_")) return "GRPC";
  if (metric.starts_with("ws_")) return "WEBSOCKET";
  if (metric.starts_with("kafka_")) return "KAFKA";
  if (metric.starts_with("k8s_")) return "KUBERNETES";
  return "CUSTOM";
}

bool is_silent_at_zero(std::string_view metric) {
  return counts_failures(metric);
}

bool is_detail(std::string_view metric) {
  static constexpr std::string_view kNames[] = {
      "http_req_blocked", "http_req_connecting", "http_req_tls_handshaking",
      "http_req_sending", "http_req_waiting",    "http_req_receiving",
      "group_duration",   "worker_busy",         "loop_lag",
      "kafka_queue_time", "kafka_broker_rtt",    "kafka_broker_throttle"};
  return is_one_of(metric, kNames);
}

}  // namespace perigee
