// The methods of the scheduler for models, and of its proxy.
#pragma once

#include "target/grpc/scheduler/scheduler_context.h"

namespace perigee {

void add_model_methods(grpc::Services& services, SchedulerContext& context);

}  // namespace perigee
