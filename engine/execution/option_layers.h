// Options from several places, one above the other.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace perigee {

// Puts a layer (flags over the script's options, say) on top of what lies below, by k6's rules: a
// layer that sets one of duration, iterations, stages, scenarios wipes all four from below. Both
// are JSON objects. Returns a warning when scenarios were wiped, else "".
std::string merge_options(nlohmann::json& below, const nlohmann::json& layer);

// Throws ConfigError if more than one of the four is set, but for iterations with a duration.
void check_one_load(const nlohmann::json& options);

}  // namespace perigee
