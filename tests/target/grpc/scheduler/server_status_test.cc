// The servers of the scheduler, and the scheduler itself, over gRPC.
#include <doctest/doctest.h>

#include "tests/target/grpc/scheduler/scheduler_grpc.h"

namespace perigee {
namespace {

// "mlserver 2/2, 1 loaded" of a ServerStatusResponse.
std::string server_line(std::string_view response) {
  return fmt::format("{} {}/{}, {} loaded", field_of(response, 1), number_of(response, 4),
                     number_of(response, 3), number_of(response, 5));
}

TargetOptions small_servers() {
  TargetOptions options;
  options.scheduler.server_replicas = 2;
  options.scheduler.servers_memory = 4000;
  return options;
}

TEST_CASE("servers tell of their replicas, their memory and what lies on them") {
  SchedulerGrpc target(small_servers());
  Http2Stream& stream = target.subscribe("SubscribeServerStatus");
  target.schedule("LoadModel", load_request("iris-1", 1000));
  const GrpcAnswer all = target.schedule("ServerStatus", in_field(1, "test"));
  REQUIRE(all.messages.size() == 2);
  CHECK(server_line(all.messages[0]) == "mlserver 2/2, 1 loaded");
  CHECK(server_line(all.messages[1]) == "triton 2/2, 0 loaded");
  const auto replicas = fields_of(all.messages[0], 2);
  REQUIRE(replicas.size() == 2);
  CHECK(number_of(replicas[0], 2) == 1000);
  CHECK(number_of(replicas[0], 3) == 750);
  CHECK(number_of(replicas[0], 4) == 1);
  CHECK(number_of(replicas[1], 4) == 0);
  target.client.await(stream, 4);
  CHECK(server_line(GrpcClient::answer(stream).messages.back()) == "mlserver 2/2, 1 loaded");
  CHECK(target.schedule("ServerStatus", in_field(2, "triton")).messages.size() == 1);
  const GrpcAnswer unknown = target.schedule("ServerStatus", in_field(2, "mine"));
  CHECK(unknown.code == 9);
  CHECK(unknown.message == "there is no server \"mine\"; there are mlserver and triton");
}

TEST_CASE("servers note how many replicas they are wanted to have") {
  SchedulerGrpc target(small_servers());
  const auto notice = [](std::string_view name) {
    return in_field(1, in_field(1, name) + "\x10\x03");
  };
  CHECK(target.schedule("ServerNotify", notice("triton") + notice("mine")).code == 0);
  CHECK(server_line(target.schedule("ServerStatus", in_field(2, "triton")).only()) ==
        "triton 2/3, 0 loaded");
}

TEST_CASE("the scheduler tells its version") {
  SchedulerGrpc target;
  CHECK(!field_of(target.schedule("SchedulerStatus", in_field(1, "test")).only(), 1).empty());
}

}  // namespace
}  // namespace perigee
