#include "engine/reports/csv_report.h"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/metrics/aggregate.h"
#include "engine/output/time_text.h"
#include "engine/reports/markup.h"
#include "engine/reports/step_figures.h"

namespace perigee::reports {
namespace {

// A spreadsheet would take a text that begins so for a formula.
bool looks_like_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

std::string field(std::string_view raw) {
  std::string text = printable(raw);
  if (looks_like_formula(text)) text.insert(0, 1, '\'');
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char character : text)
    quoted += character == '"' ? std::string("\"\"") : std::string(1, character);
  return quoted + '"';
}

class CsvWriter {
 public:
  explicit CsvWriter(const Report& report)
      : report_(report), rates_(rate_metrics(report)), trends_(shown_trends(report)) {}

  std::string write() {
    text_ = "scope,time,seconds,metric,name,statistic,value\n";
    place("run", Duration::zero(), report_.summary.load_seconds);
    for (const SummaryMetric& metric : report_.summary.metrics)
      write_metric(metric);
    for (const TrendTotal& trend : report_.trends)
      write_distribution(trend.name, "", trend.values);
    place("name", Duration::zero(), report_.summary.load_seconds);
    for (const NamedRequests& requests : report_.names)
      write_name(requests);
    for (const TimeStep& step : report_.steps)
      write_step(step);
    return std::move(text_);
  }

 private:
  void place(std::string_view scope, Duration from, double seconds) {
    std::string time;
    TimeText(TimeFormat::kRfc3339Nano).append(time, report_.header.started + from);
    place_ = fmt::format("{},{},{}", scope, time, seconds);
  }

  void row(std::string_view metric, std::string_view name, std::string_view statistic,
           double value) {
    text_ += fmt::format("{},{},{},{},{}\n", place_, field(metric), field(name), statistic, value);
  }

  // Trends have all their statistics, whatever the summary shows of them.
  void write_metric(const SummaryMetric& metric) {
    if (metric.no_samples) return;
    if (metric.kind == MetricKind::kTrend && !metric.is_submetric()) return;
    for (const auto& [statistic, value] : metric.values)
      row(metric.name, "", statistic, value);
  }

  void write_distribution(std::string_view metric, std::string_view name, const Histogram& values) {
    static constexpr std::array<std::string_view, 9> kStatistics{
        "count", "avg", "min", "med", "p(90)", "p(95)", "p(99)", "p(99.9)", "max"};
    for (const std::string_view statistic : kStatistics)
      row(metric, name, statistic, value_of(*parse_aggregate(statistic), values));
  }

  void write_name(const NamedRequests& requests) {
    row(requests.protocol + "_reqs", requests.name, "count", static_cast<double>(requests.count));
    row(requests.protocol + "_req_failed", requests.name, "rate", requests.failed_share());
    for (const auto& [status, count] : requests.statuses)
      row(requests.protocol + "_reqs", requests.name, field("status " + status),
          static_cast<double>(count));
    write_distribution(requests.protocol + "_req_duration", requests.name, requests.latency);
  }

  void write_step(const TimeStep& step) {
    place("time", step.from, step.seconds());
    row("vus", "", "value", static_cast<double>(step.vus));
    for (const Metric* metric : rates_)
      row(metric->name, "", "rate", per_second(step, metric->id));
    row("failures", "", "rate", failures_per_second(report_, step));
    for (const TrendTotal* trend : trends_) {
      const Sink* sink = step.find(trend->id);
      if (sink == nullptr) continue;
      for (const double percentile : {50.0, 95.0, 99.0})
        row(trend->name, "", fmt::format("p({})", percentile),
            sink->trend().percentile(percentile));
      row(trend->name, "", "max", sink->trend().max());
    }
  }

  const Report& report_;
  std::vector<const Metric*> rates_;
  std::vector<const TrendTotal*> trends_;
  std::string place_;
  std::string text_;
};

}  // namespace

std::string csv_report(const Report& report) {
  return CsvWriter(report).write();
}

}  // namespace perigee::reports
