// The charts of a report as one picture, drawn by gnuplot.
#pragma once

#include <string>

#include "engine/reports/report.h"

namespace perigee::reports {

// Throws ConfigError if there is no gnuplot, and std::runtime_error if it fails.
std::string png_report(const Report& report);

// Throws ConfigError that says how to get it.
void require_gnuplot();

// What gnuplot is told; the picture goes to `path`.
std::string png_script(const Report& report, const std::string& path);

}  // namespace perigee::reports
