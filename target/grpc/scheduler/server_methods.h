// The methods of the scheduler for servers and itself.
#pragma once

#include "target/grpc/scheduler/scheduler_context.h"

namespace perigee {

void add_server_methods(grpc::Services& services, SchedulerContext& context);

}  // namespace perigee
