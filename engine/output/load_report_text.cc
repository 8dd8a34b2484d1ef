#include "engine/output/load_report_text.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/output/histogram_bars.h"
#include "engine/output/humanize.h"
#include "engine/output/text_layout.h"
#include "engine/output/text_rows.h"

namespace perigee {
namespace {

constexpr std::array<double, 6> kPercentiles{50, 75, 90, 95, 99, 99.9};
constexpr size_t kBars = 12;
constexpr size_t kNarrowestBar = 10;
constexpr size_t kWidestBar = 50;

std::string right(const std::string& text, size_t width) {
  const size_t used = display_width(text);
  return std::string(width > used ? width - used : 0, ' ') + text;
}

// Four figures of a distribution in one row.
TextRow phase_row(const LoadPhase& phase) {
  const Histogram& times = phase.times;
  return {
      .name = std::string(phase.name),
      .cells = {"avg=" + human_duration(times.avg()), "med=" + human_duration(times.percentile(50)),
                "p(99)=" + human_duration(times.percentile(99)),
                "max=" + human_duration(times.max()), fmt::format("of {}", times.count())},
      .is_trend = true};
}

class ReportWriter {
 public:
  ReportWriter(const LoadReport& report, const LoadReportStyle& style)
      : report_(report), style_(style), paint_(style.colours) {}

  std::string write() {
    write_thresholds();
    write_requests();
    write_latency();
    write_bars();
    write_phases();
    write_statuses();
    write_errors();
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

  void rows(const std::vector<TextRow>& rows) {
    const TextLayout layout(rows, paint_);
    for (const TextRow& row : rows)
      line("    " + layout.line(row));
  }

  void write_thresholds() {
    for (const SummaryMetric& metric : report_.thresholds) {
      text_.empty() ? heading("THRESHOLDS") : line("");
      line("    " + metric.name);
      for (const SummaryThreshold& threshold : metric.thresholds) {
        line(fmt::format("    {} '{}' {}",
                         threshold.ok ? paint_(Colour::kGreen, "✓") : paint_(Colour::kRed, "✗"),
                         threshold.source,
                         paint_(Colour::kCyan, observed_text(metric, threshold, {}))));
      }
    }
  }

  std::string per_second(double amount) const {
    return human_number(report_.seconds > 0 ? amount / report_.seconds : 0, 1) + "/s";
  }

  void write_requests() {
    heading(fmt::format("{} {}: {}", report_.method, report_.target, report_.load));
    const auto all = static_cast<double>(report_.requests);
    const double share = all > 0 ? static_cast<double>(report_.failed) / all : 0;
    const auto bytes = [&](double amount) {
      const double rate = report_.seconds > 0 ? amount / report_.seconds : 0;
      return std::vector<std::string>{human_bytes(amount), human_bytes(rate) + "/s"};
    };
    std::vector<TextRow> table{
        {std::string(report_.words.requests), {human_number(all), per_second(all)}},
        {"failed", {human_share(share), fmt::format("{} out of {}", report_.failed, all)}}};
    const auto happened = [&](const char* name, uint64_t count, const std::string& remark) {
      if (count > 0) table.push_back({name, {fmt::format("{}", count), remark}});
    };
    happened("dropped", report_.dropped,
             fmt::format("due while all {} were taken", report_.words.connections));
    happened("interrupted", report_.interrupted, "under way when the run was stopped");
    happened("retried", report_.retried, "sent again, because a kept connection was closed");
    table.push_back({"received", bytes(report_.bytes_received)});
    table.push_back({"sent", bytes(report_.bytes_sent)});
    rows(table);
  }

  std::vector<std::string> latency_cells(const auto& figure) const {
    std::vector<std::string> cells{figure(report_.latency)};
    if (report_.from_due) cells.push_back(figure(*report_.from_due));
    return cells;
  }

  void write_latency() {
    if (report_.latency.empty()) return;
    heading("LATENCY");
    std::vector<TextRow> table;
    const auto add = [&](const std::string& name, const auto& figure) {
      table.push_back({name, latency_cells(figure), true});
    };
    if (report_.from_due)
      table.push_back({"", {std::string(report_.words.latency), "from when due"}, true});
    const auto human = [](double ms) { return human_duration(ms); };
    add("average", [&](const Histogram& times) { return human(times.avg()); });
    add("least", [&](const Histogram& times) { return human(times.min()); });
    for (const double p : kPercentiles)
      add(human_number(p) + "%",
          [&](const Histogram& times) { return human(times.percentile(p)); });
    add("most", [&](const Histogram& times) { return human(times.max()); });
    rows(table);
  }

  void write_bars() {
    const std::vector<HistogramBar> bars = histogram_bars(report_.latency, kBars);
    if (bars.size() < 2) return;
    uint64_t most = 0;
    size_t bound_width = 0;
    for (const HistogramBar& bar : bars) {
      most = std::max(most, bar.count);
      bound_width = std::max(bound_width, display_width(human_duration(bar.from)));
    }
    const size_t count_width = std::to_string(most).size();
    // Beside the bar: an indentation of four, the bound, the count, and what is between them.
    const size_t beside = 4 + bound_width + count_width + 4;
    const size_t room = style_.columns > beside ? style_.columns - beside : 0;
    const size_t width = std::clamp(room, kNarrowestBar, kWidestBar);
    line("");
    for (const HistogramBar& bar : bars) {
      const double share = static_cast<double>(bar.count) / static_cast<double>(most);
      line(fmt::format("    {}  {} {}", right(human_duration(bar.from), bound_width),
                       right(std::to_string(bar.count), count_width),
                       paint_(Colour::kCyan, bar_text(share, width))));
    }
    line(fmt::format("    {}", right(human_duration(bars.back().to), bound_width)));
  }

  void write_phases() {
    if (report_.phases.empty() || !report_.answered()) return;
    heading("WHERE THE TIME WENT");
    std::vector<TextRow> table;
    for (const LoadPhase& phase : report_.phases)
      table.push_back(phase_row(phase));
    rows(table);
  }

  void write_statuses() {
    if (report_.statuses.empty()) return;
    heading("STATUS CODES");
    std::vector<TextRow> table;
    for (const auto& [status, count] : report_.statuses)
      table.push_back({status, {std::to_string(count)}});
    rows(table);
  }

  void write_errors() {
    if (report_.errors.empty()) return;
    heading("ERRORS");
    const size_t width = std::to_string(report_.errors.front().count).size();
    for (const LoadErrorCount& error : report_.errors) {
      line(fmt::format("    {}  {}", right(std::to_string(error.count), width),
                       paint_(Colour::kRed, error.text)));
    }
  }

  void write_warnings() {
    if (report_.warnings.empty()) return;
    heading("WARNINGS");
    for (const std::string& warning : report_.warnings)
      line("    " + paint_(Colour::kRed, "!") + ' ' + warning);
  }

  const LoadReport& report_;
  const LoadReportStyle style_;
  const Painter paint_;
  std::string text_;
};

}  // namespace

std::string load_report_text(const LoadReport& report, const LoadReportStyle& style) {
  return ReportWriter(report, style).write();
}

}  // namespace perigee
