#include "engine/reports/tables.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "engine/output/humanize.h"
#include "engine/output/text_rows.h"
#include "engine/output/time_text.h"
#include "engine/reports/cells.h"
#include "engine/reports/step_figures.h"

namespace perigee::reports {
namespace {

constexpr std::array<double, 6> kPercentiles{50, 90, 95, 99, 99.9, 99.99};

Cell verdict_cell(bool ok) {
  return {.text = ok ? "holds" : "failed", .verdict = ok ? Verdict::kGood : Verdict::kBad};
}

void add_checks(const SummaryGroup& group, Table& table) {
  for (const SummaryCheck& check : group.checks) {
    const uint64_t total = check.passes + check.fails;
    const double share = static_cast<double>(check.passes) / static_cast<double>(total);
    Cell passed = share_cell(share);
    passed.verdict = check.fails == 0 ? Verdict::kGood : Verdict::kBad;
    table.rows.push_back({text_cell(check.path.substr(2)), std::move(passed),
                          count_cell(check.passes), count_cell(check.fails)});
  }
  for (const SummaryGroup& child : group.groups)
    add_checks(child, table);
}

std::string statuses_text(const std::map<std::string, uint64_t>& statuses) {
  std::string text;
  for (const auto& [status, count] : statuses)
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", status, count);
  return text;
}

std::vector<Cell> metric_cells(const SummaryMetric& metric, const Report& report) {
  const auto value = [&](std::string_view stat, const char* suffix = "") {
    return value_cell(metric.value(stat), metric.contains, report, suffix);
  };
  if (metric.kind == MetricKind::kCounter) return {value("count"), value("rate", "/s"), {}, {}};
  if (metric.kind == MetricKind::kGauge) return {value("value"), {}, value("min"), value("max")};
  const double passes = metric.value("passes");
  const double total = passes + metric.value("fails");
  return {share_cell(metric.value("rate")),
          text_cell(fmt::format("{} of {}", human_number(passes), human_number(total))),
          {},
          {}};
}

bool is_shown(const SummaryMetric& metric) {
  if (metric.kind == MetricKind::kTrend || metric.no_samples) return false;
  return !is_silent_at_zero(metric.whole()) || metric.value("count") != 0;
}

Cell rate_cell(double rate) {
  return {.text = human_number(rate, 2), .number = rate};
}

void add_percentiles(const TimeStep& step, const TrendTotal& trend, const Report& report,
                     std::vector<Cell>& row) {
  const Sink* sink = step.find(trend.id);
  for (const double percentile : {50.0, 95.0, 99.0}) {
    row.push_back(sink == nullptr
                      ? Cell()
                      : value_cell(sink->trend().percentile(percentile), trend.contains, report));
  }
}

// What the columns of the steps are made from.
struct TimeColumns {
  std::vector<const Metric*> rates;
  std::vector<const TrendTotal*> trends;
};

std::vector<Cell> time_row(const TimeStep& step, const TimeColumns& columns, const Report& report) {
  std::string time;
  TimeText(TimeFormat::kRfc3339).append(time, report.header.started + step.from);
  std::vector<Cell> row{text_cell(time),
                        {.text = human_number(step.seconds(), 3), .number = step.seconds()},
                        count_cell(static_cast<uint64_t>(step.vus))};
  for (const Metric* metric : columns.rates)
    row.push_back(rate_cell(per_second(step, metric->id)));
  row.push_back(rate_cell(failures_per_second(report, step)));
  for (const TrendTotal* trend : columns.trends)
    add_percentiles(step, *trend, report, row);
  return row;
}

}  // namespace

Table threshold_table(const Report& report) {
  Table table{
      .title = "Thresholds", .columns = {"", "metric", "threshold", "measured"}, .rows = {}};
  for (const SummaryMetric& metric : report.summary.metrics) {
    for (const SummaryThreshold& threshold : metric.thresholds) {
      table.rows.push_back({verdict_cell(threshold.ok),
                            text_cell(metric.name),
                            text_cell(threshold.source),
                            {.text = observed_text(metric, threshold, report.summary.time_unit),
                             .number = threshold.observed}});
    }
  }
  return table;
}

Table check_table(const Report& report) {
  Table table{.title = "Checks", .columns = {"check", "passed", "passes", "fails"}, .rows = {}};
  add_checks(report.summary.root, table);
  return table;
}

Table trend_table(const Report& report) {
  Table table{.title = "Percentiles", .columns = {"metric", "count", "min", "avg"}, .rows = {}};
  for (const double percentile : kPercentiles)
    table.columns.push_back(fmt::format("p{}", percentile));
  table.columns.emplace_back("max");
  for (const TrendTotal& trend : report.trends) {
    const Histogram& values = trend.values;
    std::vector<Cell> row{text_cell(trend.name), count_cell(values.count())};
    row.push_back(value_cell(values.min(), trend.contains, report));
    row.push_back(value_cell(values.avg(), trend.contains, report));
    for (const double percentile : kPercentiles)
      row.push_back(value_cell(values.percentile(percentile), trend.contains, report));
    row.push_back(value_cell(values.max(), trend.contains, report));
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table metric_table(const Report& report) {
  Table table{
      .title = "Other metrics", .columns = {"metric", "value", "", "min", "max"}, .rows = {}};
  for (const SummaryMetric& metric : report.summary.metrics) {
    if (!is_shown(metric)) continue;
    std::vector<Cell> row{text_cell(metric.name)};
    for (Cell& cell : metric_cells(metric, report))
      row.push_back(std::move(cell));
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table name_table(const Report& report) {
  Table table{.title = "Requests by name",
              .columns = {"name", "protocol", "requests", "per second", "failed", "avg", "p50",
                          "p95", "p99", "max", "statuses"},
              .rows = {}};
  const double seconds = report.summary.load_seconds;
  for (const NamedRequests& requests : report.names) {
    const auto time = [&](double value) { return value_cell(value, ValueKind::kTime, report); };
    const double rate = seconds > 0 ? static_cast<double>(requests.count) / seconds : 0;
    Cell failed = share_cell(requests.failed_share());
    if (requests.failed > 0) failed.verdict = Verdict::kBad;
    table.rows.push_back(
        {text_cell(requests.name), text_cell(requests.protocol), count_cell(requests.count),
         value_cell(rate, ValueKind::kDefault, report), std::move(failed),
         time(requests.latency.avg()), time(requests.latency.percentile(50)),
         time(requests.latency.percentile(95)), time(requests.latency.percentile(99)),
         time(requests.latency.max()), text_cell(statuses_text(requests.statuses))});
  }
  return table;
}

Table failure_table(const Report& report) {
  Table table{.title = "Failures by kind", .columns = {"kind", "what", "count"}, .rows = {}};
  for (const FailureKind& failure : report.failures) {
    table.rows.push_back(
        {text_cell(failure.kind), text_cell(failure.detail), count_cell(failure.count)});
  }
  return table;
}

Table time_table(const Report& report) {
  const TimeColumns columns{rate_metrics(report), shown_trends(report)};
  Table table{.title = "Over time", .columns = {"time", "seconds", "VUs"}, .rows = {}};
  for (const Metric* metric : columns.rates)
    table.columns.push_back(metric->name + " per second");
  table.columns.emplace_back("failures per second");
  for (const TrendTotal* trend : columns.trends) {
    for (const char* percentile : {"p50", "p95", "p99"})
      table.columns.push_back(fmt::format("{} {}", trend->name, percentile));
  }
  for (const TimeStep& step : report.steps)
    table.rows.push_back(time_row(step, columns, report));
  return table;
}

std::vector<Table> page_tables(const Report& report) {
  return {threshold_table(report), check_table(report),   trend_table(report),
          name_table(report),      failure_table(report), metric_table(report)};
}

}  // namespace perigee::reports
