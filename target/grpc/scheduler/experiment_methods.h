// The methods of the scheduler for experiments.
#pragma once

#include "target/grpc/scheduler/scheduler_context.h"

namespace perigee {

void add_experiment_methods(grpc::Services& services, SchedulerContext& context);

}  // namespace perigee
