#include "target/grpc/scheduler/scheduler_service.h"

#include "target/grpc/scheduler/experiment_methods.h"
#include "target/grpc/scheduler/model_methods.h"
#include "target/grpc/scheduler/pipeline_methods.h"
#include "target/grpc/scheduler/server_methods.h"

namespace perigee {

void SchedulerService::add_to(grpc::Services& services) {
  add_model_methods(services, context_);
  add_pipeline_methods(services, context_);
  add_experiment_methods(services, context_);
  add_server_methods(services, context_);
}

}  // namespace perigee
