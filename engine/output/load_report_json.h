// The result of `perigee http` or `perigee grpc` as one JSON document.
#pragma once

#include <string>

#include "engine/base/json_repairs.h"
#include "engine/output/load_report.h"

namespace perigee {

// Times are in milliseconds, as their keys say. Ends with a line feed. docs/http-command.md and
// docs/grpc-command.md list the keys. `repairs`, which may be null, hears of text that is not
// UTF-8.
std::string load_report_json(const LoadReport& report, JsonRepairs* repairs = nullptr);

}  // namespace perigee
