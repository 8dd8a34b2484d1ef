#include <chrono>

#include <doctest/doctest.h>

#include "tests/target/grpc/grpc_fixture.h"

namespace perigee {
namespace {

const std::string kHealth = "/grpc.health.v1.Health/";
const std::string kServing = "\x08\x01";
const std::string kNotServing = "\x08\x02";
const std::string kUnknown = "\x08\x03";

std::string service(std::string_view name) {
  std::string message;
  protobuf::WireWriter(message).bytes_field(1, name);
  return message;
}

TEST_CASE("the target and its services are serving, and others are not found") {
  GrpcFixture target;
  CHECK(target.call(kHealth + "Check").only() == kServing);
  CHECK(target.call(kHealth + "Check", service("perigee.test.Test")).only() == kServing);
  CHECK(target.call(kHealth + "Check", service("inference.GRPCInferenceService")).only() ==
        kServing);
  const GrpcAnswer unknown = target.call(kHealth + "Check", service("pkg.Other"));
  CHECK(unknown.code == 5);
  CHECK(unknown.message == "there is no service \"pkg.Other\"");
}

TEST_CASE("all services are listed with their status") {
  GrpcFixture target;
  const auto entries = fields_of(target.call(kHealth + "List").only(), 1);
  CHECK(entries.size() == 8);
  CHECK(field_of(entries[1], 1) == "inference.GRPCInferenceService");
  CHECK(field_of(entries[1], 2) == kServing);
}

TEST_CASE("a model that loads makes inference stop serving, which a watch is told both ways") {
  TargetOptions options;
  options.load_time = std::chrono::milliseconds(200);
  GrpcFixture target(options);
  Http2Stream& watch = target.client.open(kHealth + "Watch");
  watch.send(GrpcClient::frame(service("inference.GRPCInferenceService")));
  watch.end();
  target.client.await(watch, 1);
  CHECK(GrpcClient::answer(watch).messages == std::vector<std::string>{kServing});
  target.client.open("/inference.GRPCInferenceService/RepositoryModelLoad")
      .send(GrpcClient::frame("\x12\x05iris9"));
  target.client.await(watch, 3);
  CHECK(GrpcClient::answer(watch).messages ==
        std::vector<std::string>{kServing, kNotServing, kServing});
  CHECK(!watch.over());
}

TEST_CASE("a watch of a service that there is not says so and goes on") {
  GrpcFixture target;
  Http2Stream& watch = target.client.open(kHealth + "Watch");
  watch.send(GrpcClient::frame(service("pkg.Other")));
  target.client.await(watch, 1);
  CHECK(GrpcClient::answer(watch).messages == std::vector<std::string>{kUnknown});
  CHECK(!watch.over());
}

}  // namespace
}  // namespace perigee
