// JSON as this program writes it: numbers as JavaScript has them, text that is always UTF-8.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/json_repairs.h"

namespace perigee {

// Appends a string with its quotes. `repairs` may be null.
void append_json_string(std::string& out, std::string_view text, JsonRepairs* repairs = nullptr);

// Appends a number. Whole ones below 1e21 have all their digits, because fields of integers take no
// exponent; what is no finite number is null, as in JavaScript.
void append_json_number(std::string& out, double number);

// The text of a value: on one line, or indented by `indent` where that is not negative.
std::string json_text(const nlohmann::json& value, int indent = -1, JsonRepairs* repairs = nullptr);
std::string json_text(const nlohmann::ordered_json& value, int indent = -1,
                      JsonRepairs* repairs = nullptr);

}  // namespace perigee
