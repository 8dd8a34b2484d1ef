// Options as JSON, with the keys that scripts have.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/execution/options.h"

namespace perigee {

// Every option with its value, defaults included, and the shortcuts as the scenario they stand for.
// What has no default and is not set is left out. What reads options reads it back as the same.
nlohmann::json to_json(const Options& options);

}  // namespace perigee
