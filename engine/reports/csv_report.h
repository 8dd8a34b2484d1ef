// A report as one table of comma-separated values, for programs that draw and compute.
#pragma once

#include <string>

#include "engine/reports/report.h"

namespace perigee::reports {

// A row for each figure: of the whole run (scope "run"), of the requests of a name ("name"), and of
// each step of the time line ("time").
std::string csv_report(const Report& report);

}  // namespace perigee::reports
