// Options from several places, one above the other.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "engine/execution/json_reader.h"

namespace perigee {

// What one place sets, and how messages call each of its keys.
struct OptionLayer {
  nlohmann::json values = nlohmann::json::object();
  ValueNames names;

  void set(const std::string& key, nlohmann::json value, std::string name);
};

// The layer that a file or a script holds: `prefix` and the key are the names. Throws ConfigError,
// naming `where`, if the values are no object.
OptionLayer named_layer(nlohmann::json values, const std::string& where, const std::string& prefix);

// Puts a layer on top of what lies below, by k6's rules: a layer that sets one of duration,
// iterations, stages, scenarios wipes all four from below. Returns a warning when scenarios were
// wiped, else "".
std::string merge_options(OptionLayer& below, const OptionLayer& layer);

// Throws ConfigError if more than one of the four is set, but for iterations with a duration.
void check_one_load(const JsonReader& options);

}  // namespace perigee
