// What the JSON forms of a summary have in common.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "engine/output/summary_metric.h"

namespace perigee {

// A whole number is written without a fraction, as k6 does.
nlohmann::json json_number(double value);

// How k6 names a group or a check: the MD5 sum of its path in hexadecimal digits.
std::string path_id(std::string_view path);

// The metric's values by name, but for the share of a rate, which k6 calls now "rate" and now
// "value".
nlohmann::json json_values(const SummaryMetric& metric, const char* share);

// Indented by four, with replacement characters for what is not UTF-8.
std::string json_text(const nlohmann::json& json);

}  // namespace perigee
