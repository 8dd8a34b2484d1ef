#include "target/scheduler/experiment_request.h"

#include <algorithm>

#include <fmt/format.h>

#include "target/scheduler/resource_name.h"
#include "target/scheduler/scheduler_refusal.h"

namespace perigee {

void check_experiment(const ExperimentRequest& experiment) {
  check_resource_name("experiment", experiment.name);
  const auto& candidates = experiment.candidates;
  if (candidates.empty()) {
    throw SchedulerRefusal(fmt::format("experiment {} has no candidates", experiment.name));
  }
  const auto is_it = [](const std::string& name) {
    return [&name](const TrafficSplit::Part& part) { return part.name == name; };
  };
  for (const TrafficSplit::Part& candidate : candidates) {
    if (candidate.name.empty()) {
      throw SchedulerRefusal(
          fmt::format("a candidate of experiment {} has no name", experiment.name));
    }
    if (std::count_if(candidates.begin(), candidates.end(), is_it(candidate.name)) == 1) continue;
    throw SchedulerRefusal(fmt::format("experiment {} has the candidate {} more than once",
                                       experiment.name, candidate.name));
  }
  const std::string& wanted = experiment.default_candidate;
  if (wanted.empty() || std::any_of(candidates.begin(), candidates.end(), is_it(wanted))) return;
  throw SchedulerRefusal(fmt::format("{}, the default of experiment {}, is none of its candidates",
                                     wanted, experiment.name));
}

}  // namespace perigee
