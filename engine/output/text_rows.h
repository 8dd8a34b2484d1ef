// How the figures of a metric are laid out in the text of a summary.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/output/summary_metric.h"
#include "engine/output/text_layout.h"

namespace perigee {

// The metric's name, or a submetric's tags, and its figures. `time_unit` is "s", "ms", "us", or
// "" to choose by size.
TextRow metric_row(const SummaryMetric& metric, std::string_view time_unit);

// Below it, how many failed in which way.
std::vector<TextRow> failure_rows(const SummaryMetric& metric);

// What a threshold was judged by: "p(95)=188.47µs", "no samples"; empty if that is not known.
std::string observed_text(const SummaryMetric& metric, const SummaryThreshold& threshold,
                          std::string_view time_unit);

// The headings under which metrics are listed, in their order.
const std::vector<std::string_view>& text_sections();
// The one of them that a whole metric belongs under.
std::string_view section_of(std::string_view metric);

// What only matters when it happened.
bool is_silent_at_zero(std::string_view metric);
// The phases of a request and the durations of groups: details that only `full` summaries list.
bool is_detail(std::string_view metric);

}  // namespace perigee
