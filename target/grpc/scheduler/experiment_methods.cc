#include "target/grpc/scheduler/experiment_methods.h"

#include "target/grpc/scheduler/experiment_messages.h"
#include "target/grpc/scheduler/status_request.h"

namespace perigee {
namespace {

std::string written(const ScheduledExperiment& experiment) {
  std::string response;
  write_experiment_status(response, experiment);
  return response;
}

}  // namespace

void add_experiment_methods(grpc::Services& services, SchedulerContext& context) {
  context.add_unary(services, "/seldon.mlops.scheduler.Scheduler/StartExperiment",
                    [&context](std::string_view message, Instant now, std::string& /*response*/) {
                      const ExperimentRequest request = read_experiment_request(message);
                      context.change(
                          now, [&](SchedulerState& state) { state.start_experiment(request); });
                    });
  context.add_unary(services, "/seldon.mlops.scheduler.Scheduler/StopExperiment",
                    [&context](std::string_view message, Instant now, std::string& /*response*/) {
                      const std::string_view name = read_name(message);
                      context.change(now,
                                     [&](SchedulerState& state) { state.stop_experiment(name); });
                    });
  context.add_status(services, "/seldon.mlops.scheduler.Scheduler/ExperimentStatus",
                     [](std::string_view message, const SchedulerState& state, const auto& send) {
                       const std::string_view name = read_status_request(message).name;
                       if (!name.empty()) return send(written(state.experiments().get(name)));
                       for (const auto& [key, experiment] : state.experiments().all())
                         send(written(experiment));
                     });
  context.add_subscription(
      services, "/seldon.mlops.scheduler.Scheduler/SubscribeExperimentStatus",
      StatusKind::kExperiments,
      [](std::string_view message, const SchedulerState& state, const auto& send) {
        read_subscription(message);
        for (const auto& [name, experiment] : state.experiments().all())
          send(written(experiment));
      });
}

}  // namespace perigee
