// The methods of the scheduler for pipelines.
#pragma once

#include "target/grpc/scheduler/scheduler_context.h"

namespace perigee {

void add_pipeline_methods(grpc::Services& services, SchedulerContext& context);

}  // namespace perigee
