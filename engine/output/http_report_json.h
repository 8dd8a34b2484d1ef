// The result of `perigee http` as one JSON document.
#pragma once

#include <string>

#include "engine/output/http_report.h"

namespace perigee {

// Times are in milliseconds, as their keys say. Ends with a line feed. docs/http-command.md lists
// the keys.
std::string http_report_json(const HttpReport& report);

}  // namespace perigee
