#include "target/grpc/scheduler/scheduler_service.h"

#include <memory>

#include "engine/grpc/server/server_call.h"
#include "engine/protobuf/wire_writer.h"
#include "target/grpc/read_fields.h"
#include "target/grpc/scheduler/model_messages.h"
#include "target/grpc/scheduler/scheduler_fields.h"
#include "target/grpc/scheduler/status_subscription.h"

namespace perigee {
namespace {

using namespace scheduler_fields;
using grpc::ServerCall;
using protobuf::WireReader;
using protobuf::WireWriter;

// What a request for a status asks for; all there is if it names nothing.
struct Wanted {
  std::string_view name;
  bool all_versions = false;
};

Wanted read_model_wanted(std::string_view message) {
  Wanted wanted;
  std::string_view reference;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kWanted) reference = reader.bytes();
    if (reader.field() == kAllVersions) wanted.all_versions = reader.varint() != 0;
  });
  read_fields(reference, [&](WireReader& reader) {
    if (reader.field() == kReferenceName) wanted.name = reader.bytes();
  });
  return wanted;
}

}  // namespace

SchedulerService::SchedulerService(Loop& loop, SharedScheduler& shared, CallPace& pace)
    : loop_(loop),
      feed_(shared.feed),
      scheduler_(shared.scheduler),
      pace_(pace),
      timer_(loop.timers(), [this] { look(); }) {}

void SchedulerService::add_to(grpc::Services& services) {
  add(services, "/seldon.mlops.scheduler.Scheduler/LoadModel", &SchedulerService::load_model);
  add(services, "/seldon.mlops.scheduler.Scheduler/UnloadModel", &SchedulerService::unload_model);
  for (const char* path : {"/seldon.mlops.scheduler.Scheduler/LoadPipeline",
                           "/seldon.mlops.scheduler.Scheduler/UnloadPipeline",
                           "/seldon.mlops.scheduler.Scheduler/StartExperiment",
                           "/seldon.mlops.scheduler.Scheduler/StopExperiment",
                           "/seldon.mlops.scheduler.Scheduler/ServerNotify"}) {
    add(services, path, &SchedulerService::unimplemented);
  }
  add(services, "/seldon.mlops.scheduler.Scheduler/SchedulerStatus",
      &SchedulerService::scheduler_status);
  add(services, "/seldon.mlops.scheduler.Scheduler/ModelStatus", &SchedulerService::model_status);
  for (const char* path : {"/seldon.mlops.scheduler.Scheduler/PipelineStatus",
                           "/seldon.mlops.scheduler.Scheduler/ExperimentStatus",
                           "/seldon.mlops.scheduler.Scheduler/ServerStatus"}) {
    add(services, path, &SchedulerService::unimplemented);
  }
  add(services, "/seldon.mlops.scheduler.Scheduler/SubscribeModelStatus",
      &SchedulerService::subscribe_models);
  for (const char* path : {"/seldon.mlops.scheduler.Scheduler/SubscribePipelineStatus",
                           "/seldon.mlops.scheduler.Scheduler/SubscribeExperimentStatus",
                           "/seldon.mlops.scheduler.Scheduler/SubscribeServerStatus"}) {
    add(services, path, &SchedulerService::unimplemented);
  }
  add(services, "/seldon.mlops.proxy.SchedulerProxy/LoadModel", &SchedulerService::load_by_proxy);
  add(services, "/seldon.mlops.proxy.SchedulerProxy/UnloadModel", &SchedulerService::unload_model);
}

void SchedulerService::add(grpc::Services& services, std::string_view path, Write write) {
  services.add(
      {.path = path,
       .respond = answering(
           [this](const ServerCall& call) { return pace_.prompt(call.at()); },
           [this, write](const ServerCall& call, std::string_view message, std::string& response) {
             (this->*write)(call, message, response);
           }),
       .begin = {}});
}

void SchedulerService::add(grpc::Services& services, std::string_view path, Stream stream) {
  services.add({.path = path,
                .respond =
                    [this, stream](ServerCall& call, std::string_view message) {
                      try {
                        (this->*stream)(call, message);
                      } catch (const std::runtime_error&) {
                        call.finish(refusal_status(), pace_.prompt(call.at()));
                      }
                    },
                .begin = {}});
}

void SchedulerService::load_model(const ServerCall& call, std::string_view message,
                                  std::string& /*response*/) {
  const ModelRequest request = read_model_request(message);
  scheduler_.with(call.now(),
                  [&](SchedulerState& state) { state.load_model(request, call.now()); });
  look();
}

void SchedulerService::unload_model(const ServerCall& call, std::string_view message,
                                    std::string& /*response*/) {
  const std::string_view name = read_unloaded_model(message);
  scheduler_.with(call.now(), [&](SchedulerState& state) { state.unload_model(name, call.now()); });
  look();
}

void SchedulerService::load_by_proxy(const ServerCall& call, std::string_view message,
                                     std::string& response) {
  std::string_view request;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kLoaded) request = reader.bytes();
  });
  load_model(call, request, response);
}

void SchedulerService::scheduler_status(const ServerCall& /*call*/, std::string_view /*message*/,
                                        std::string& response) {
  WireWriter(response).bytes_field(kApplicationVersion, PERIGEE_VERSION);
}

void SchedulerService::unimplemented(const ServerCall& /*call*/, std::string_view /*message*/,
                                     std::string& /*response*/) {
  throw CallRefusal(grpc::Code::kUnimplemented, "the target's scheduler has models only");
}

void SchedulerService::model_status(ServerCall& call, std::string_view message) {
  const Wanted wanted = read_model_wanted(message);
  const Instant due = pace_.prompt(call.at());
  const auto send = [&](const ScheduledModel& model) {
    std::string response;
    write_model_status(response, model, wanted.all_versions, feed_.origin());
    call.send(response, due);
  };
  scheduler_.with(call.now(), [&](const SchedulerState& state) {
    if (!wanted.name.empty()) return send(state.models().get(wanted.name));
    for (const auto& [name, model] : state.models().all())
      send(model);
  });
  call.finish({}, due);
}

void SchedulerService::subscribe_models(ServerCall& call, std::string_view message) {
  read_fields(message, [](WireReader& /*reader*/) {});
  auto subscription = std::make_unique<StatusSubscription>(call, loop_, pace_);
  StatusSubscription& attached = *subscription;
  scheduler_.with(call.now(), [&](const SchedulerState& state) {
    for (const auto& [name, model] : state.models().all()) {
      auto response = std::make_shared<std::string>();
      write_model_status(*response, model, false, feed_.origin());
      attached.queue()->push(std::move(response));
    }
    feed_.subscribe(StatusKind::kModels, attached.queue());
  });
  call.attach(std::move(subscription));
  attached.deliver();
}

// Time may have come for something, and there may be something to wait for.
void SchedulerService::look() {
  if (const auto next = scheduler_.advance(loop_.now())) timer_.start(*next);
}

}  // namespace perigee
