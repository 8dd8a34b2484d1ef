// YAML 1.2 as the JSON that says the same, and back.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace perigee {

// The documents of a text. Plain scalars are null, booleans, numbers or else strings, by the core
// schema of YAML 1.2; keys are strings; aliases are copies, and "<<" merges a mapping into another.
// Throws std::runtime_error as "line N: what is wrong", also for a key that is there twice, for
// tags outside of the core schema and for aliases that multiply without bound.
std::vector<nlohmann::ordered_json> parse_yaml(const std::string& text);

// One document in block style, keys in the order of the value. What it writes is read as the same
// value by parse_yaml; strings that readers of YAML 1.1 take for something else are quoted.
std::string write_yaml(const nlohmann::ordered_json& value);

}  // namespace perigee
