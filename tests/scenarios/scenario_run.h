// One run of a scenario by the program, with what it reported.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/process.h"

namespace perigee {

struct ScenarioRun {
  ProcessResult process;
  nlohmann::json summary;  // of --summary-export

  // A metric's value, 0 if the run has no such metric: count of a counter, passes of a rate.
  uint64_t count(const std::string& metric) const;
  uint64_t passes(const std::string& metric) const;
  uint64_t fails(const std::string& metric) const;
  // How often a check passed and failed.
  uint64_t check_passes(const std::string& name) const;
  uint64_t check_fails(const std::string& name) const;
};

// Checks that the run ended well, with neither a check nor an iteration nor a request that failed.
void check_all_passed(const ScenarioRun& run);

// perigee run --quiet FLAGS... scenarios/NAME
ScenarioRun run_scenario(const std::string& name, const std::vector<std::string>& flags,
                         const Process::Options& options);

}  // namespace perigee
