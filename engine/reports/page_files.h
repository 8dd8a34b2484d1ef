// The style and the programs of pages, from the files of the folder `page` and the library of
// charts.
#pragma once

#include <string_view>

namespace perigee::reports {

// By name: "report.css", "report.js", "chart.min.js", "copyright" (of the library).
std::string_view page_file(std::string_view name);

}  // namespace perigee::reports
