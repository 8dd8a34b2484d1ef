// A report as one page that needs nothing else: no network, no other file.
#pragma once

#include <string>

#include "engine/reports/report.h"

namespace perigee::reports {

std::string html_report(const Report& report);

}  // namespace perigee::reports
