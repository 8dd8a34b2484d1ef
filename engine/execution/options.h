// The options of a run, with k6's keys, units and meaning.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/execution/execution_segment.h"
#include "engine/execution/json_reader.h"
#include "engine/execution/scenario.h"
#include "engine/http/http_options.h"
#include "engine/metrics/system_tags.h"
#include "engine/metrics/threshold.h"
#include "engine/net/net_options.h"

namespace perigee {

struct Options {
  std::vector<Scenario> scenarios;  // sorted by name; never empty once parsed
  std::vector<ThresholdDefinition> thresholds;
  NoSamples threshold_no_samples = NoSamples::kPass;
  bool fail_on_errors = false;  // of iterations, as by a threshold
  std::map<std::string, std::string> tags;
  ExecutionSegment segment;  // of the test; the scenarios are those of the whole

  Duration setup_timeout = std::chrono::seconds(60);
  Duration teardown_timeout = std::chrono::seconds(60);
  Duration handle_summary_timeout = std::chrono::minutes(2);
  Duration min_iteration_duration{};
  bool no_setup = false;
  bool no_teardown = false;
  bool linger = false;  // stay after the end until a signal comes

  http::HttpOptions http;
  NetOptions net;

  std::vector<Aggregate> summary_trend_stats;  // empty: the default
  std::string summary_time_unit;               // "s", "ms", "us", or empty: by size
  SystemTags system_tags;
  std::vector<std::string> outputs;  // as --out names them

  // All that was set, as a JSON object; the shortcuts are the scenario they stand for.
  std::string json = "{}";
  // What was accepted but does nothing, in sentences for the log.
  std::vector<std::string> warnings;
};

// Reads merged options and expands the shortcuts (vus, duration, iterations, stages) into one
// scenario named "default". Throws ConfigError that names the key, what is wrong, and what it
// should be; it is called by its name of `names`, if it has one.
Options parse_options(const nlohmann::json& merged, const ValueNames& names = {});

}  // namespace perigee
