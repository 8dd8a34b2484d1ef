#include "engine/output/text_block.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/output/humanize.h"

namespace perigee {
namespace {

// A share in the checks' totals takes this much room at least, so that they line up in most runs.
constexpr size_t kShareWidth = std::string_view("100.00%").size();

// Whether somebody asked for the metric or a part of it by a threshold.
bool is_wanted(std::string_view whole, const std::vector<SummaryMetric>& metrics) {
  return std::any_of(metrics.begin(), metrics.end(), [&](const SummaryMetric& metric) {
    return metric.parent == whole || (metric.name == whole && !metric.thresholds.empty());
  });
}

std::vector<TextRow> total_rows(double passes, double fails, double load_seconds) {
  const double total = passes + fails;
  const double per_second = load_seconds > 0 ? total / load_seconds : 0;
  const auto of_all = [&](double part) {
    return std::vector<std::string>{
        human_share(part / total),
        fmt::format("{} out of {}", human_number(part), human_number(total))};
  };
  return {{"checks_total", {human_number(total), human_number(per_second) + "/s"}},
          {"checks_succeeded", of_all(passes)},
          {"checks_failed", of_all(fails)}};
}

}  // namespace

std::string TextBlock::mark(bool ok) const {
  return ok ? paint_(Colour::kGreen, "✓") : paint_(Colour::kRed, "✗");
}

bool TextBlock::write_check_totals(const std::vector<SummaryMetric>& metrics,
                                   const std::string& indent) {
  const auto checks = std::find_if(metrics.begin(), metrics.end(), [](const SummaryMetric& metric) {
    return metric.name == "checks";
  });
  if (checks == metrics.end()) return false;
  const double passes = checks->value("passes");
  const double fails = checks->value("fails");
  if (passes + fails == 0) return false;
  std::vector<TextRow> rows = total_rows(passes, fails, summary_.load_seconds);
  for (const SummaryMetric& metric : metrics) {
    if (metric.parent == "checks") rows.push_back(metric_row(metric, summary_.time_unit));
  }
  const TextLayout layout(rows, paint_, kShareWidth);
  for (const TextRow& row : rows)
    line(indent + layout.line(row));
  line("");
  return true;
}

void TextBlock::write_checks(const std::vector<SummaryCheck>& checks, const std::string& indent) {
  for (const SummaryCheck& check : checks)
    write_check(check, indent);
  if (!checks.empty()) line("");
}

void TextBlock::write_check(const SummaryCheck& check, const std::string& indent) {
  line(fmt::format("{}{} {}", indent, mark(check.fails == 0), check.name));
  if (check.fails == 0) return;
  const double share =
      static_cast<double>(check.passes) / static_cast<double>(check.passes + check.fails);
  const auto percent = static_cast<int>(share * 100 + 1e-9);
  line(fmt::format("{}  ↳  {}% — {} {} / {} {}", indent, percent, mark(true), check.passes,
                   mark(false), check.fails));
}

bool TextBlock::is_shown(const SummaryMetric& metric,
                         const std::vector<SummaryMetric>& metrics) const {
  const std::string& whole = metric.whole();
  if (whole == "checks") return false;
  const bool is_zero = metric.kind == MetricKind::kCounter && metric.value("count") == 0;
  if (is_zero && metric.thresholds.empty() && is_silent_at_zero(whole)) return false;
  return full_ || !is_detail(whole) || is_wanted(whole, metrics);
}

void TextBlock::write_sections(const std::vector<SummaryMetric>& metrics,
                               const std::string& indent) {
  std::vector<TextRow> rows;
  std::vector<std::string_view> sections;
  for (const SummaryMetric& metric : metrics) {
    if (!is_shown(metric, metrics)) continue;
    rows.push_back(metric_row(metric, summary_.time_unit));
    for (TextRow& row : failure_rows(metric))
      rows.push_back(std::move(row));
    sections.resize(rows.size(), section_of(metric.whole()));
  }
  const TextLayout layout(rows, paint_);
  bool is_first = true;
  for (std::string_view section : text_sections()) {
    if (std::find(sections.begin(), sections.end(), section) == sections.end()) continue;
    if (!std::exchange(is_first, false)) line("");
    line(indent + paint_(Colour::kBold, section));
    for (size_t i = 0; i < rows.size(); ++i) {
      if (sections[i] == section) line(indent + layout.line(rows[i]));
    }
  }
}

}  // namespace perigee
