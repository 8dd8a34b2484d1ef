#include "engine/output/text_summary.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "engine/output/humanize.h"
#include "engine/output/text_block.h"
#include "engine/output/text_layout.h"
#include "engine/output/text_rows.h"

namespace perigee {
namespace {

bool has_checks(const SummaryGroup& group) {
  return !group.checks.empty() || std::any_of(group.groups.begin(), group.groups.end(), has_checks);
}

class TextWriter {
 public:
  TextWriter(const Summary& summary, const TextSummaryOptions& options)
      : summary_(summary), indent_(options.indent), paint_(options.colours), full_(options.full) {}

  std::string write() {
    write_thresholds();
    heading("TOTAL RESULTS");
    if (block_.write_check_totals(summary_.metrics, body_))
      write_groups_checks(summary_.root, body_);
    block_.write_sections(summary_.metrics, body_);
    for (const SummaryBlock& group : summary_.blocks.groups)
      write_block("GROUP: ", group, indent_);
    for (const SummaryBlock& scenario : summary_.blocks.scenarios)
      write_block("SCENARIO: ", scenario, indent_);
    write_warnings();
    return std::move(text_);
  }

 private:
  void line(std::string_view text) { block_.line(text); }

  void heading(std::string_view title) {
    if (!text_.empty()) line("");
    line(indent_ + "█ " + paint_(Colour::kBold, title));
    line("");
  }

  void write_thresholds() {
    for (const SummaryMetric& metric : summary_.metrics) {
      if (metric.thresholds.empty()) continue;
      text_.empty() ? heading("THRESHOLDS") : line("");
      line(body_ + metric.name);
      for (const SummaryThreshold& threshold : metric.thresholds)
        write_threshold(metric, threshold);
    }
  }

  void write_threshold(const SummaryMetric& metric, const SummaryThreshold& threshold) {
    line(fmt::format("{}{} '{}' {}", body_, block_.mark(threshold.ok), threshold.source,
                     paint_(Colour::kCyan, observed_text(metric, threshold, summary_.time_unit))));
  }

  void write_groups_checks(const SummaryGroup& group, const std::string& indent) {
    block_.write_checks(group.checks, indent);
    for (const SummaryGroup& child : group.groups) {
      if (!has_checks(child)) continue;
      line(indent + "█ " + child.name);
      line("");
      write_groups_checks(child, indent + "  ");
    }
  }

  // The groups within a block are marked by an arrow.
  void write_block(std::string_view what, const SummaryBlock& block, const std::string& indent) {
    const std::string body = indent + "  ";
    line("");
    line(fmt::format("{}{} {}{}", indent, indent == indent_ ? "█" : "↳",
                     paint_(Colour::kBold, what), block.name));
    line("");
    if (block_.write_check_totals(block.metrics, body)) block_.write_checks(block.checks, body);
    block_.write_sections(block.metrics, body);
    for (const SummaryBlock& group : block.groups)
      write_block("GROUP: ", group, body);
  }

  void write_warnings() {
    if (summary_.warnings.empty()) return;
    heading("WARNINGS");
    for (const std::string& warning : summary_.warnings)
      line(body_ + paint_(Colour::kRed, "!") + ' ' + warning);
  }

  const Summary& summary_;
  const std::string indent_;
  const std::string body_ = indent_ + "  ";
  const Painter paint_;
  const bool full_;
  std::string text_;
  TextBlock block_{text_, summary_, paint_, full_};
};

}  // namespace

std::string text_summary(const Summary& summary, const TextSummaryOptions& options) {
  return TextWriter(summary, options).write();
}

}  // namespace perigee
