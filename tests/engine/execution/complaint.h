// What is said about wrong options.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "engine/execution/options.h"

namespace perigee {

// "" if nothing is wrong with them.
inline std::string complaint(const std::string& options) {
  try {
    parse_options(nlohmann::json::parse(options));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

}  // namespace perigee
