// Scenarios from their JSON.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/execution/json_reader.h"
#include "engine/execution/scenario.h"

namespace perigee {

// Reads the option `scenarios`, sorted by name. Throws ConfigError naming `where`,
// scenario and key.
std::vector<Scenario> read_scenarios(const nlohmann::json& scenarios,
                                     const std::string& where = "options.scenarios");

// The scenario that the shortcuts vus, duration, iterations and stages stand for, named "default";
// with none of them, one iteration of one VU.
Scenario shortcut_scenario(const JsonReader& reader);

}  // namespace perigee
