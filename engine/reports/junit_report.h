// A report as JUnit's XML, which systems of continuous integration show as tests.
#pragma once

#include <string>

#include "engine/reports/report.h"

namespace perigee::reports {

// A suite of the run itself, one of the thresholds and one of the checks. A check is a failure when
// it failed once.
std::string junit_report(const Report& report);

}  // namespace perigee::reports
