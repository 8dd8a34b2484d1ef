// The raw outputs of a run, as `--out` names them.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/metrics/registry.h"
#include "engine/metrics/system_tags.h"
#include "engine/metrics/threshold.h"
#include "engine/output/output.h"
#include "engine/output/variables.h"

namespace perigee {

// What outputs know about the run. The registry is complete; it must outlive the outputs.
struct OutputContext {
  const MetricRegistry& registry;
  const ThresholdSet& thresholds;
  SystemTags system_tags{};
  TimeOrigin origin{};
  Log* log = nullptr;  // for warnings; may be null
  // What sets the outputs, as messages call it: a flag, a variable, an option.
  std::string where = "--out";
};

// What there is: "csv", "json", "results", "prometheus", ...
std::span<const std::string_view> output_types();

// Opens "csv=FILE", "json=FILE" and the like, in the order given, and neither result files nor what
// engine/export sends. Throws ConfigError, naming what sets them, for a type that is not there, a
// file that can't be opened, and a file that two of them would write.
std::vector<std::unique_ptr<SampleOutput>> open_outputs(const std::vector<std::string>& specs,
                                                        const OutputContext& context,
                                                        const Variables& variables = no_variables);

// The FILE of "results=FILE", which is no raw output and written by engine/results; empty if there
// is none.
std::string result_file_of(const std::vector<std::string>& specs);

// Those of engine/export, such as "prometheus=ADDRESS", in the order given.
std::vector<std::string> export_specs(const std::vector<std::string>& specs);

// The files that raw outputs and results are written to, in the order given; the standard output is
// none. Throws ConfigError as `open_outputs` does.
std::vector<std::string> output_files(const std::vector<std::string>& specs,
                                      const Variables& variables = no_variables);

// Whether one of them writes to the standard output. Throws ConfigError as `open_outputs` does.
bool take_standard_output(const std::vector<std::string>& specs,
                          const Variables& variables = no_variables);

}  // namespace perigee
