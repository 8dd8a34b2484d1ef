// Scenarios as JSON, with the keys that options have.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/execution/scenario.h"

namespace perigee {

// Every key with its value, defaults included; what reads scenarios reads it back as the same.
nlohmann::json to_json(const Scenario& scenario);

}  // namespace perigee
