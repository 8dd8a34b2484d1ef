// The values of settings from their text.
#pragma once

#include <span>
#include <string>
#include <utility>

#include <nlohmann/json_fwd.hpp>

#include "cli/setting.h"

namespace perigee {

// The value that a variable's text stands for. Throws ConfigError as `NAME: what is wrong`. Whether
// the value is in its range is for whoever reads it.
nlohmann::json value_of_variable(const Setting& setting, const std::string& text,
                                 const std::string& name);

// The value of a flag that was given once or more: the last one, or all of a list.
nlohmann::json value_of_flag(const Setting& setting, std::span<const std::string> texts);

// "NAME=VALUE" in its parts. Throws ConfigError naming the flag.
std::pair<std::string, std::string> split_pair(std::string_view flag, const std::string& text);

}  // namespace perigee
