// The result of `perigee http` as text for people.
#pragma once

#include <cstddef>
#include <string>

#include "engine/output/http_report.h"

namespace perigee {

struct HttpReportStyle {
  bool colours = false;
  size_t columns = 80;  // of the terminal
};

std::string http_report_text(const HttpReport& report, const HttpReportStyle& style = {});

}  // namespace perigee
