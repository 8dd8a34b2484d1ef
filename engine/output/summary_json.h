// What the JSON forms of a summary have in common.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "engine/output/summary_metric.h"

namespace perigee {

// How k6 names a group or a check: the MD5 sum of its path in hexadecimal digits.
std::string path_id(std::string_view path);

// The metric's values by name, but for the share of a rate, which k6 calls now "rate" and now
// "value".
nlohmann::json json_values(const SummaryMetric& metric, const char* share);

}  // namespace perigee
