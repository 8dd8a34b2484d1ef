// A report as a workbook of Excel and its like.
#pragma once

#include <string>

#include "engine/reports/report.h"

namespace perigee::reports {

// The sheets Summary, Metrics by name, Over time, Failures and Options. Figures are numbers. Throws
// std::runtime_error if the workbook can't be put together.
std::string xlsx_report(const Report& report);

}  // namespace perigee::reports
