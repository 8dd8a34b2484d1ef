// A block of the text of a summary: checks and metrics of the run, a scenario or a group.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/output/summary.h"
#include "engine/output/text_layout.h"
#include "engine/output/text_rows.h"

namespace perigee {

// Writes blocks one after the other into one text.
class TextBlock {
 public:
  // `full`: also the details that no threshold names. The text and the summary must outlive it.
  TextBlock(std::string& text, const Summary& summary, Painter paint, bool full)
      : text_(text), summary_(summary), paint_(paint), full_(full) {}

  // The figures of the metric `checks` and its submetrics; nothing without samples.
  bool write_check_totals(const std::vector<SummaryMetric>& metrics, const std::string& indent);
  // The checks with an empty line below; nothing if there are none.
  void write_checks(const std::vector<SummaryCheck>& checks, const std::string& indent);
  // All other metrics under the headings of their sections.
  void write_sections(const std::vector<SummaryMetric>& metrics, const std::string& indent);

  void line(std::string_view text) { (text_ += text) += '\n'; }
  // A green or a red sign.
  std::string mark(bool ok) const;

 private:
  void write_check(const SummaryCheck& check, const std::string& indent);
  bool is_shown(const SummaryMetric& metric, const std::vector<SummaryMetric>& metrics) const;

  std::string& text_;
  const Summary& summary_;
  const Painter paint_;
  const bool full_;
};

}  // namespace perigee
