// Cells of tables from figures.
#pragma once

#include <cstdint>
#include <string>

#include "engine/metrics/metric.h"
#include "engine/reports/tables.h"

namespace perigee::reports {

Cell text_cell(std::string text);
Cell count_cell(uint64_t count);
// By what the number is; a `suffix` like "/s" goes behind its text.
Cell value_cell(double value, ValueKind contains, const Report& report, const char* suffix = "");
// A share as a percentage.
Cell share_cell(double share);

}  // namespace perigee::reports
