// Scenarios from their JSON.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/execution/json_reader.h"
#include "engine/execution/scenario.h"

namespace perigee {

using NamedJson = std::pair<std::string, nlohmann::json>;

// The scenarios of the option `scenarios` by name: of an object sorted, of a list of pairs
// ["name", {...}] in its order. Throws ConfigError naming `where`.
std::vector<NamedJson> scenario_entries(const nlohmann::json& scenarios, const std::string& where);

// Reads them, in that order. Throws ConfigError naming `where`, scenario and key.
std::vector<Scenario> read_scenarios(const nlohmann::json& scenarios,
                                     const std::string& where = "options.scenarios");

// The scenario that the shortcuts vus, duration, iterations and stages stand for, named "default";
// with none of them, one iteration of one VU.
Scenario shortcut_scenario(const JsonReader& reader);

}  // namespace perigee
