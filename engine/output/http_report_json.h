// The result of `perigee http` as one JSON document.
#pragma once

#include <string>

#include "engine/base/json_repairs.h"
#include "engine/output/http_report.h"

namespace perigee {

// Times are in milliseconds, as their keys say. Ends with a line feed. docs/http-command.md lists
// the keys. `repairs`, which may be null, hears of text that is not UTF-8.
std::string http_report_json(const HttpReport& report, JsonRepairs* repairs = nullptr);

}  // namespace perigee
