#include "engine/reports/step_figures.h"

#include <algorithm>
#include <string_view>

#include "engine/output/text_rows.h"

namespace perigee::reports {
namespace {

constexpr size_t kMaxTrends = 12;

bool is_measured(const Report& report, MetricId metric) {
  return std::any_of(report.steps.begin(), report.steps.end(),
                     [&](const TimeStep& step) { return step.find(metric) != nullptr; });
}

double count_of(const Sink& sink) {
  if (sink.kind() == MetricKind::kRate) return static_cast<double>(sink.rate().nonzero);
  return sink.kind() == MetricKind::kCounter ? sink.counter().sum : 0;
}

}  // namespace

std::vector<const Metric*> rate_metrics(const Report& report) {
  std::vector<const Metric*> metrics;
  for (const std::string_view name :
       {"http_reqs", "grpc_reqs", "grpc_streams", "ws_sessions", "iterations"}) {
    const Metric* metric = find_metric(report, name);
    if (metric != nullptr && is_measured(report, metric->id)) metrics.push_back(metric);
  }
  return metrics;
}

std::vector<const TrendTotal*> shown_trends(const Report& report) {
  std::vector<const TrendTotal*> shown;
  for (const TrendTotal& trend : report.trends) {
    if (!is_detail(trend.name) && shown.size() < kMaxTrends) shown.push_back(&trend);
  }
  return shown;
}

double per_second(const TimeStep& step, MetricId counter) {
  const Sink* sink = step.find(counter);
  return sink == nullptr || step.seconds() <= 0 ? 0 : count_of(*sink) / step.seconds();
}

double failures_per_second(const Report& report, const TimeStep& step) {
  double failures = 0;
  for (const std::string_view name : {"http_req_failed", "grpc_req_failed", "iteration_errors"}) {
    const Metric* metric = find_metric(report, name);
    if (metric != nullptr) failures += per_second(step, metric->id);
  }
  return failures;
}

}  // namespace perigee::reports
