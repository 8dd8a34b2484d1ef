#include "engine/reports/report.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "engine/output/text_rows.h"
#include "engine/reports/failure_kinds.h"
#include "engine/reports/named_requests.h"

namespace perigee::reports {
namespace {

// The lower, the earlier a trend is shown.
size_t rank_of(std::string_view trend) {
  static constexpr std::array<std::string_view, 7> kFirst{
      "http_req_duration",  "grpc_req_duration",     "grpc_stream_duration", "ws_session_duration",
      "iteration_duration", "iteration_start_delay", "iteration_latency"};
  const auto* const found = std::find(kFirst.begin(), kFirst.end(), trend);
  const auto place = static_cast<size_t>(found - kFirst.begin());
  // The iterations' own come behind what scripts measure themselves, details behind all others.
  if (is_detail(trend)) return 3 * kFirst.size();
  return place < 4 ? place : place + kFirst.size() * (found != kFirst.end() ? 1 : 0);
}

std::vector<TrendTotal> make_trends(const Aggregator& aggregator) {
  std::vector<TrendTotal> trends;
  for (const Metric& metric : aggregator.registry()) {
    const Sink* total = aggregator.total(metric.id);
    if (metric.kind != MetricKind::kTrend || total == nullptr || total->empty()) continue;
    trends.push_back({metric.id, metric.name, metric.contains, total->trend()});
  }
  std::stable_sort(trends.begin(), trends.end(), [](const TrendTotal& a, const TrendTotal& b) {
    return std::pair(rank_of(a.name), a.name) < std::pair(rank_of(b.name), b.name);
  });
  return trends;
}

}  // namespace

int64_t Report::max_vus() const {
  int64_t max = 0;
  for (const TimeStep& step : steps)
    max = std::max(max, step.vus);
  return max;
}

size_t Report::thresholds() const {
  size_t count = 0;
  for (const SummaryMetric& metric : summary.metrics)
    count += metric.thresholds.size();
  return count;
}

size_t Report::failed_thresholds() const {
  size_t failed = 0;
  for (const SummaryMetric& metric : summary.metrics) {
    failed += static_cast<size_t>(std::count_if(metric.thresholds.begin(), metric.thresholds.end(),
                                                [](const auto& it) { return !it.ok; }));
  }
  return failed;
}

Report make_report(const Aggregator& aggregator, const TimeSeries& series, Summary summary,
                   results::Header header, results::End end) {
  Report report{.header = std::move(header),
                .end = std::move(end),
                .summary = std::move(summary),
                .steps = series.steps(),
                .metrics = {series.registry().begin(), series.registry().end()},
                .names = named_requests(aggregator),
                .failures = failure_kinds(aggregator),
                .trends = make_trends(aggregator)};
  return report;
}

const Metric* find_metric(const Report& report, std::string_view name) {
  const auto found = std::find_if(report.metrics.begin(), report.metrics.end(),
                                  [&](const Metric& metric) { return metric.name == name; });
  return found == report.metrics.end() ? nullptr : &*found;
}

}  // namespace perigee::reports
