// YAML as the JSON that says the same.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace perigee {

// Reads one document; plain scalars are null, true, false, numbers or else strings, as in YAML 1.2.
// An empty one is an empty object. Throws ConfigError as `NAME: line N: what is wrong`, also for a
// key that is there twice.
nlohmann::json parse_yaml(const std::string& text, const std::string& name);

}  // namespace perigee
