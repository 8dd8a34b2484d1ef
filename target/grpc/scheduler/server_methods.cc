#include "target/grpc/scheduler/server_methods.h"

#include <fmt/format.h>

#include "engine/protobuf/wire_writer.h"
#include "target/grpc/read_fields.h"
#include "target/grpc/scheduler/server_messages.h"
#include "target/grpc/scheduler/status_request.h"
#include "target/scheduler/scheduler_refusal.h"

namespace perigee {
namespace {

using protobuf::WireReader;

std::string written(const Servers& servers, const ModelServer& server) {
  std::string response;
  write_server_status(response, servers, server);
  return response;
}

const ModelServer& get_server(const Servers& servers, std::string_view name) {
  if (const ModelServer* server = servers.find(name)) return *server;
  throw SchedulerRefusal(
      fmt::format("there is no server \"{}\"; there are mlserver and triton", name));
}

void notify(SchedulerState& state, std::string_view message) {
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() != scheduler_fields::kNotifiedServers) return;
    const ServerNotice notice = read_server_notice(reader.bytes());
    state.expect_replicas(notice.name, notice.replicas);
  });
}

}  // namespace

void add_server_methods(grpc::Services& services, SchedulerContext& context) {
  context.add_unary(services, "/seldon.mlops.scheduler.Scheduler/ServerNotify",
                    [&context](std::string_view message, Instant now, std::string& /*response*/) {
                      context.change(now, [&](SchedulerState& state) { notify(state, message); });
                    });
  context.add_unary(services, "/seldon.mlops.scheduler.Scheduler/SchedulerStatus",
                    [](std::string_view message, Instant /*now*/, std::string& response) {
                      read_subscription(message);
                      protobuf::WireWriter(response).bytes_field(
                          scheduler_fields::kApplicationVersion, PERIGEE_VERSION);
                    });
  context.add_status(services, "/seldon.mlops.scheduler.Scheduler/ServerStatus",
                     [](std::string_view message, const SchedulerState& state, const auto& send) {
                       const Servers& servers = state.servers();
                       const std::string_view name = read_status_request(message).name;
                       if (!name.empty()) return send(written(servers, get_server(servers, name)));
                       for (const ModelServer& server : servers.list())
                         send(written(servers, server));
                     });
  context.add_subscription(
      services, "/seldon.mlops.scheduler.Scheduler/SubscribeServerStatus", StatusKind::kServers,
      [](std::string_view message, const SchedulerState& state, const auto& send) {
        read_subscription(message);
        for (const ModelServer& server : state.servers().list())
          send(written(state.servers(), server));
      });
}

}  // namespace perigee
