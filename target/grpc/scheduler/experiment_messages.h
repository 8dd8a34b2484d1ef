// The scheduler's messages about experiments.
#pragma once

#include <string>
#include <string_view>

#include "target/grpc/scheduler/pipeline_messages.h"
#include "target/scheduler/scheduled_experiments.h"

namespace perigee {

// Of a StartExperimentRequest. Throws MalformedMessage.
ExperimentRequest read_experiment_request(std::string_view message);

// Appends an ExperimentStatusResponse.
void write_experiment_status(std::string& out, const ScheduledExperiment& experiment);

}  // namespace perigee
