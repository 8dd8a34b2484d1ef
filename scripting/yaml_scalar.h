// What a plain word means in YAML.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace perigee {

// By the core schema of YAML 1.2: null, a boolean, a number, or else the text itself.
nlohmann::ordered_json resolve_scalar(const std::string& text);

// Whether a string must be quoted, so that no reader, be it of YAML 1.1, takes it for another type.
bool is_ambiguous(const std::string& text);

}  // namespace perigee
