// seldon.mlops.scheduler.Scheduler and seldon.mlops.proxy.SchedulerProxy over gRPC.
#pragma once

#include "target/grpc/scheduler/scheduler_context.h"

namespace perigee {

// One per worker, on its thread. Outlives the calls.
class SchedulerService {
 public:
  SchedulerService(Loop& loop, SharedScheduler& shared, CallPace& pace)
      : context_(loop, shared, pace) {}

  void add_to(grpc::Services& services);

 private:
  SchedulerContext context_;
};

}  // namespace perigee
