// What may become of a scenario while it runs: other VUs, another rate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/execution/scenario.h"

namespace perigee {

// In numbers of the whole test: an instance that runs a segment takes its share of them. From the
// change until its end the scenario keeps the number; what was left of its stages is given up.
struct ScenarioChange {
  std::optional<int64_t> vus;  // constant-vus, ramping-vus: over all workers
  std::optional<double> rate;  // constant-arrival-rate, ramping-arrival-rate: per `timeUnit`
};

// Which scenario `name` is. Throws ConfigError if there is none of the name, or if `change` is
// nothing that its executor can follow.
size_t find_changeable(const std::vector<Scenario>& scenarios, const std::string& name,
                       const ScenarioChange& change);

// What both say, the later one where they differ.
ScenarioChange merge(const ScenarioChange& earlier, const ScenarioChange& later);

// What a rate of the scenario, which is open, is per.
Duration time_unit(const Scenario& scenario);

}  // namespace perigee
