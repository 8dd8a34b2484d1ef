// What a page's charts draw, as JSON.
#pragma once

#include <string>

#include "engine/reports/report.h"

namespace perigee::reports {

// Numbers have five digits. Nothing in it ends the element that it is put into.
std::string page_data(const Report& report);

}  // namespace perigee::reports
