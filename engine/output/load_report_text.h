// The result of `perigee http` or `perigee grpc` as text for people.
#pragma once

#include <cstddef>
#include <string>

#include "engine/output/load_report.h"

namespace perigee {

struct LoadReportStyle {
  bool colours = false;
  size_t columns = 80;  // of the terminal
};

std::string load_report_text(const LoadReport& report, const LoadReportStyle& style = {});

}  // namespace perigee
