// The options of a run, with k6's keys, units and meaning.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/clock.h"
#include "engine/execution/scenario.h"
#include "engine/metrics/threshold.h"

namespace perigee {

struct Options {
  std::vector<Scenario> scenarios;  // sorted by name; never empty once parsed
  std::vector<ThresholdDefinition> thresholds;
  std::map<std::string, std::string> tags;
  Duration setup_timeout = std::chrono::seconds(60);
  Duration teardown_timeout = std::chrono::seconds(60);
  bool no_setup = false;
  bool no_teardown = false;
  std::string user_agent;                      // empty: the default
  std::vector<Aggregate> summary_trend_stats;  // empty: the default
};

// Puts a layer (flags over the script's options, say) on top of what lies below, by k6's rules: a
// layer that sets one of duration, iterations, stages, scenarios wipes all four from below. Both
// are JSON objects. Returns a warning when scenarios were wiped, else "".
std::string merge_options(nlohmann::json& below, const nlohmann::json& layer);

// Reads merged options and expands the shortcuts (vus, duration, iterations) into one scenario
// named "default". Throws ConfigError that names the key, what is wrong, and what it should be.
Options parse_options(const nlohmann::json& merged);

}  // namespace perigee
