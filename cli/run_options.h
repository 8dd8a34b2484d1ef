// The options of a run from all places that set them.
#pragma once

#include <string>
#include <vector>

#include "cli/run_flags.h"
#include "engine/execution/options.h"
#include "scripting/script.h"
#include "scripting/script_description.h"

namespace perigee {

struct RunOptions {
  Options options;
  ValueNames names;                   // how messages call each option
  std::vector<std::string> warnings;  // for the log
};

// Lays the configuration file, the script's options, the environment and the flags one above the
// other and reads the result. Throws ConfigError naming what is wrong by where it was set; also if
// the script lacks a function that a scenario runs.
RunOptions assemble_options(const RunFlags& flags, const Script& script,
                            const ScriptDescription& description);

// The thresholds of the run, and that of failOnErrors; those without expressions, which are
// submetrics that somebody wants to see, stay also where none is `judged`. Throws ConfigError,
// naming where they were set, if they don't fit the metrics.
ThresholdSet make_thresholds(const RunOptions& run, const MetricRegistry& registry, bool judged);

}  // namespace perigee
