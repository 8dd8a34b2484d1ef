#include "target/grpc/scheduler/model_methods.h"

#include "target/grpc/read_fields.h"
#include "target/grpc/scheduler/model_messages.h"
#include "target/grpc/scheduler/status_request.h"

namespace perigee {
namespace {

void load(SchedulerContext& context, std::string_view message, Instant now) {
  const ModelRequest request = read_model_request(message);
  context.change(now, [&](SchedulerState& state) { state.load_model(request, now); });
}

void unload(SchedulerContext& context, std::string_view message, Instant now) {
  const std::string_view name = read_unloaded_model(message);
  context.change(now, [&](SchedulerState& state) { state.unload_model(name, now); });
}

// The scheduler's own request stands in the proxy's.
std::string_view in_proxy_request(std::string_view message) {
  std::string_view request;
  read_fields(message, [&](protobuf::WireReader& reader) {
    if (reader.field() == scheduler_fields::kLoaded) request = reader.bytes();
  });
  return request;
}

void add_statuses(grpc::Services& services, SchedulerContext& context) {
  const auto write = [&context](const ScheduledModel& model, bool all_versions) {
    std::string response;
    write_model_status(response, model, all_versions, context.origin());
    return response;
  };
  context.add_status(
      services, "/seldon.mlops.scheduler.Scheduler/ModelStatus",
      [write](std::string_view message, const SchedulerState& state, const auto& send) {
        const StatusRequest wanted = read_model_status_request(message);
        const ScheduledModels& models = state.models();
        if (!wanted.name.empty()) return send(write(models.get(wanted.name), wanted.all_versions));
        for (const auto& [name, model] : models.all())
          send(write(model, wanted.all_versions));
      });
  context.add_subscription(
      services, "/seldon.mlops.scheduler.Scheduler/SubscribeModelStatus", StatusKind::kModels,
      [write](std::string_view message, const SchedulerState& state, const auto& send) {
        read_subscription(message);
        for (const auto& [name, model] : state.models().all())
          send(write(model, false));
      });
}

}  // namespace

void add_model_methods(grpc::Services& services, SchedulerContext& context) {
  const auto add = [&](std::string_view path, auto act) {
    context.add_unary(services, path,
                      [&context, act](std::string_view message, Instant now,
                                      std::string& /*response*/) { act(context, message, now); });
  };
  add("/seldon.mlops.scheduler.Scheduler/LoadModel", load);
  add("/seldon.mlops.scheduler.Scheduler/UnloadModel", unload);
  add_statuses(services, context);
  add("/seldon.mlops.proxy.SchedulerProxy/LoadModel",
      [](SchedulerContext& shared, std::string_view message, Instant now) {
        load(shared, in_proxy_request(message), now);
      });
  add("/seldon.mlops.proxy.SchedulerProxy/UnloadModel", unload);
}

}  // namespace perigee
