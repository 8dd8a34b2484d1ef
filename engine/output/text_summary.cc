#include "engine/output/text_summary.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/output/humanize.h"
#include "engine/output/text_layout.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 6> kSections{"CUSTOM",  "HTTP", "EXECUTION",
                                                    "NETWORK", "GRPC", "WEBSOCKET"};

bool is_one_of(std::string_view name, const auto& names) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

std::string_view section_of(std::string_view name) {
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
  if (is_one_of(name, kExecution)) return "EXECUTION";
  if (name == "data_sent" || name == "data_received") return "NETWORK";
  if (name.starts_with("http_req")) return "HTTP";
  if (name.starts_with("grpc_")) return "GRPC";
  if (name.starts_with("ws_")) return "WEBSOCKET";
  return "CUSTOM";
}

// What only matters when it happened.
bool is_silent_at_zero(std::string_view name) {
  static constexpr std::string_view kNames[] = {"http_reqs_retried", "dropped_iterations",
                                                "iteration_errors", "tag_sets_refused"};
  return name.ends_with("_interrupted") || is_one_of(name, kNames);
}

bool is_detail(std::string_view name) {
  static constexpr std::string_view kNames[] = {
      "http_req_blocked", "http_req_connecting", "http_req_tls_handshaking",
      "http_req_sending", "http_req_waiting",    "http_req_receiving",
      "group_duration",   "worker_busy",         "loop_lag"};
  return is_one_of(name, kNames);
}

std::vector<std::string> cells_of(const SummaryMetric& metric, const Summary& summary) {
  const auto human = [&](double value) {
    return human_value(value, metric.contains, summary.time_unit);
  };
  switch (metric.kind) {
    case MetricKind::kCounter: {
      const double sum = metric.sink.counter().sum;
      const double rate = summary.load_seconds > 0 ? sum / summary.load_seconds : 0;
      return {human(sum), human(rate) + "/s"};
    }
    case MetricKind::kGauge: {
      const GaugeReading& gauge = metric.sink.gauge();
      if (gauge.samples == 0) return {human(0), "min=" + human(0), "max=" + human(0)};
      return {human(gauge.value), "min=" + human(gauge.min), "max=" + human(gauge.max)};
    }
    case MetricKind::kRate: {
      const RateTotal& rate = metric.sink.rate();
      return {human_share(rate.share()), fmt::format("{} out of {}", rate.nonzero, rate.total)};
    }
    case MetricKind::kTrend:
      break;
  }
  std::vector<std::string> cells;
  for (const Aggregate& stat : summary.trend_stats) {
    const double value = value_of(stat, metric.sink.trend());
    const bool is_count = stat.kind == Aggregate::Kind::kCount;
    cells.push_back(to_string(stat) + '=' + (is_count ? human_number(value) : human(value)));
  }
  return cells;
}

TextRow row_of(const SummaryMetric& metric, const Summary& summary) {
  std::string name = metric.is_submetric() ? fmt::format("  {{ {} }}", metric.suffix) : metric.name;
  return {std::move(name), cells_of(metric, summary), metric.kind == MetricKind::kTrend};
}

class TextWriter {
 public:
  TextWriter(const Summary& summary, const TextSummaryOptions& options)
      : summary_(summary), full_(options.full), paint_(options.colours) {}

  std::string write() {
    write_thresholds();
    heading("TOTAL RESULTS");
    write_checks();
    write_sections();
    write_warnings();
    return std::move(text_);
  }

 private:
  void line(std::string_view text) { (text_ += text) += '\n'; }

  void heading(std::string_view title) {
    if (!text_.empty()) line("");
    line("  █ " + paint_(Colour::kBold, title));
    line("");
  }

  std::string mark(bool ok) const {
    return ok ? paint_(Colour::kGreen, "✓") : paint_(Colour::kRed, "✗");
  }

  void write_thresholds() {
    for (const SummaryMetric& metric : summary_.metrics) {
      if (metric.thresholds.empty()) continue;
      text_.empty() ? heading("THRESHOLDS") : line("");
      line("    " + metric.name);
      for (const SummaryThreshold& threshold : metric.thresholds)
        write_threshold(metric, threshold);
    }
  }

  void write_threshold(const SummaryMetric& metric, const SummaryThreshold& threshold) {
    const bool is_rate = threshold.aggregate.kind == Aggregate::Kind::kRate;
    std::string value = metric.kind == MetricKind::kRate
                            ? human_share(threshold.observed)
                            : human_value(threshold.observed, metric.contains, summary_.time_unit);
    if (is_rate && metric.kind == MetricKind::kCounter) value += "/s";
    line(fmt::format("    {} '{}' {}", mark(threshold.ok), threshold.source,
                     paint_(Colour::kCyan, to_string(threshold.aggregate) + '=' + value)));
  }

  void write_checks() {
    const SummaryMetric* checks = summary_.find("checks");
    if (checks == nullptr || checks->sink.rate().total == 0) return;
    const RateTotal& rate = checks->sink.rate();
    const uint64_t failed = rate.total - rate.nonzero;
    const auto total = static_cast<double>(rate.total);
    const double per_second = summary_.load_seconds > 0 ? total / summary_.load_seconds : 0;
    std::vector<TextRow> rows{
        {"checks_total", {human_number(total), human_number(per_second) + "/s"}},
        {"checks_succeeded",
         {human_share(rate.share()), fmt::format("{} out of {}", rate.nonzero, rate.total)}},
        {"checks_failed",
         {human_share(static_cast<double>(failed) / total),
          fmt::format("{} out of {}", failed, rate.total)}}};
    for (const SummaryMetric& metric : summary_.metrics) {
      if (metric.parent == "checks") rows.push_back(row_of(metric, summary_));
    }
    const TextLayout layout(rows, paint_, std::string_view("100.00%").size());
    for (const TextRow& row : rows)
      line("    " + layout.line(row));
    line("");
    write_group(summary_.root, "    ");
  }

  void write_group(const SummaryGroup& group, const std::string& indent) {
    for (const SummaryCheck& check : group.checks)
      write_check(check, indent);
    if (!group.checks.empty()) line("");
    for (const SummaryGroup& child : group.groups) {
      line(indent + "█ " + child.name);
      line("");
      write_group(child, indent + "  ");
    }
  }

  void write_check(const SummaryCheck& check, const std::string& indent) {
    line(fmt::format("{}{} {}", indent, mark(check.fails == 0), check.name));
    if (check.fails == 0) return;
    const double share =
        static_cast<double>(check.passes) / static_cast<double>(check.passes + check.fails);
    const auto percent = static_cast<int>(share * 100 + 1e-9);
    line(fmt::format("{}  ↳  {}% — {} {} / {} {}", indent, percent, mark(true), check.passes,
                     mark(false), check.fails));
  }

  bool is_shown(const SummaryMetric& metric) const {
    const std::string& whole = metric.is_submetric() ? metric.parent : metric.name;
    if (whole == "checks") return false;
    if (metric.kind == MetricKind::kCounter && metric.sink.counter().sum == 0 &&
        metric.thresholds.empty() && is_silent_at_zero(whole)) {
      return false;
    }
    return full_ || !is_detail(whole) || is_wanted(whole);
  }

  // Whether somebody asked for the metric or a part of it by a threshold.
  bool is_wanted(std::string_view whole) const {
    return std::any_of(
        summary_.metrics.begin(), summary_.metrics.end(), [&](const SummaryMetric& metric) {
          return metric.parent == whole || (metric.name == whole && !metric.thresholds.empty());
        });
  }

  void write_sections() {
    std::vector<TextRow> rows;
    std::vector<std::string_view> sections;
    for (const SummaryMetric& metric : summary_.metrics) {
      if (!is_shown(metric)) continue;
      rows.push_back(row_of(metric, summary_));
      sections.push_back(section_of(metric.is_submetric() ? metric.parent : metric.name));
    }
    const TextLayout layout(rows, paint_);
    bool is_first = true;
    for (std::string_view section : kSections) {
      if (!is_one_of(section, sections)) continue;
      if (!std::exchange(is_first, false)) line("");
      line("    " + paint_(Colour::kBold, section));
      for (size_t i = 0; i < rows.size(); ++i) {
        if (sections[i] == section) line("    " + layout.line(rows[i]));
      }
    }
  }

  void write_warnings() {
    if (summary_.warnings.empty()) return;
    heading("WARNINGS");
    for (const std::string& warning : summary_.warnings) {
      line("    " + paint_(Colour::kRed, "!") + ' ' + warning);
    }
  }

  const Summary& summary_;
  const bool full_;
  const Painter paint_;
  std::string text_;
};

}  // namespace

std::string text_summary(const Summary& summary, const TextSummaryOptions& options) {
  return TextWriter(summary, options).write();
}

}  // namespace perigee
