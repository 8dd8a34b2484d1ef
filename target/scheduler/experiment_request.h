// An experiment as somebody wants it: traffic that is split among models or pipelines.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "target/traffic_split.h"

namespace perigee {

struct ExperimentRequest {
  std::string name;
  std::string default_candidate;  // whose own traffic is split, too; empty if nobody's is
  std::vector<TrafficSplit::Part> candidates;
  std::optional<std::string> mirror;  // gets a copy of the traffic
  bool of_pipelines = false;          // else of models
  std::string kubernetes;             // which resource it comes from, as it came over the wire
};

// Throws SchedulerRefusal that says what does not fit together.
void check_experiment(const ExperimentRequest& experiment);

}  // namespace perigee
