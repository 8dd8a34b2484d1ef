#include "target/grpc/scheduler/pipeline_methods.h"

#include "target/grpc/read_fields.h"
#include "target/grpc/scheduler/pipeline_messages.h"
#include "target/grpc/scheduler/status_request.h"

namespace perigee {

void add_pipeline_methods(grpc::Services& services, SchedulerContext& context) {
  const auto write = [&context](const ScheduledPipeline& pipeline, bool all_versions) {
    std::string response;
    write_pipeline_status(response, pipeline, all_versions, context.origin());
    return response;
  };
  context.add_unary(services, "/seldon.mlops.scheduler.Scheduler/LoadPipeline",
                    [&context](std::string_view message, Instant now, std::string& /*response*/) {
                      const PipelineRequest request = read_pipeline_request(message);
                      context.change(
                          now, [&](SchedulerState& state) { state.load_pipeline(request, now); });
                    });
  context.add_unary(services, "/seldon.mlops.scheduler.Scheduler/UnloadPipeline",
                    [&context](std::string_view message, Instant now, std::string& /*response*/) {
                      const std::string_view name = read_name(message);
                      context.change(
                          now, [&](SchedulerState& state) { state.unload_pipeline(name, now); });
                    });
  context.add_status(
      services, "/seldon.mlops.scheduler.Scheduler/PipelineStatus",
      [write](std::string_view message, const SchedulerState& state, const auto& send) {
        const auto [name, all_versions] = read_status_request(message);
        if (!name.empty()) return send(write(state.pipelines().get(name), all_versions));
        for (const auto& [key, pipeline] : state.pipelines().all())
          send(write(pipeline, all_versions));
      });
  context.add_subscription(
      services, "/seldon.mlops.scheduler.Scheduler/SubscribePipelineStatus", StatusKind::kPipelines,
      [write](std::string_view message, const SchedulerState& state, const auto& send) {
        read_subscription(message);
        for (const auto& [name, pipeline] : state.pipelines().all())
          send(write(pipeline, false));
      });
}

}  // namespace perigee
