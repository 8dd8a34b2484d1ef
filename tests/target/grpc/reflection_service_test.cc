#include "target/grpc/reflection_service.h"

#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "target/grpc/embedded_protos.h"
#include "target/grpc/methods.h"
#include "tests/target/grpc/grpc_fixture.h"

namespace perigee {
namespace {

using protobuf::Schema;
using protobuf::WireWriter;

enum Request : uint32_t {
  kHost = 1,
  kFile = 3,
  kSymbol = 4,
  kExtension = 5,
  kNumbers = 6,
  kList = 7
};
enum Response : uint32_t { kOriginal = 2, kFiles = 4, kServices = 6, kError = 7 };

std::string request(uint32_t field, std::string_view value) {
  std::string out;
  WireWriter(out).bytes_field(field, value);
  return out;
}

std::string respond(std::string_view message) {
  ReflectionService service;
  std::string response;
  service.respond(message, response);
  return response;
}

// "5: symbol x not found" of an error.
std::string error_of(std::string_view message) {
  const std::string error = field_of(respond(message), kError);
  return fmt::format("{}: {}", number_of(error, 1), field_of(error, 2));
}

TEST_CASE("reflection lists every service, and describes every method that the target has") {
  std::vector<std::string> services;
  for (const std::string& service : fields_of(field_of(respond(request(kList, "*")), kServices), 1))
    services.push_back(field_of(service, 1));
  CHECK(services == std::vector<std::string>{
                        "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                        "grpc.reflection.v1alpha.ServerReflection",
                        "inference.GRPCInferenceService", "perigee.test.Test",
                        "seldon.mlops.proxy.SchedulerProxy", "seldon.mlops.scheduler.Scheduler",
                        "tensorflow.serving.ModelService", "tensorflow.serving.PredictionService"});
  for (const std::string_view path : kGrpcMethods) {
    std::string symbol(path.substr(1));
    std::replace(symbol.begin(), symbol.end(), '/', '.');
    const auto files = fields_of(field_of(respond(request(kSymbol, symbol)), kFiles), 1);
    CAPTURE(symbol);
    REQUIRE(!files.empty());
    CHECK_NOTHROW(Schema::from_descriptors(files)->method(symbol));
  }
}

TEST_CASE("the methods that the .proto files have are those that are served") {
  protobuf::ProtoFiles files;
  files.embedded = embedded_protos();
  for (const auto& proto : files.embedded)
    files.files.push_back(proto.name);
  const auto schema = Schema::from_proto_files(files);
  std::vector<std::string> paths;
  for (const protobuf::ServiceType* service : schema->services()) {
    for (const protobuf::MethodType& method : service->methods)
      paths.push_back(method.path);
  }
  std::vector<std::string> served(kGrpcMethods.begin(), kGrpcMethods.end());
  std::sort(paths.begin(), paths.end());
  std::sort(served.begin(), served.end());
  CHECK(paths == served);
}

TEST_CASE("files are found by name and by what they hold") {
  const auto count = [](const std::string& message) {
    return fields_of(field_of(respond(message), kFiles), 1).size();
  };
  CHECK(count(request(kFile, "inference/inference.proto")) == 1);
  CHECK(count(request(kSymbol, "perigee.test.EchoRequest")) == 1);
  CHECK(count(request(kSymbol, "grpc.health.v1.HealthCheckResponse.ServingStatus")) == 1);
  CHECK(error_of(request(kFile, "none.proto")) == "5: file none.proto not found");
  CHECK(error_of(request(kSymbol, "pkg.None")) == "5: symbol pkg.None not found");
}

TEST_CASE("extensions are asked for, though there are none") {
  const std::string extension = request(1, "perigee.test.EchoRequest") + "\x10\x07";
  CHECK(error_of(request(kExtension, extension)) ==
        "5: extension 7 of perigee.test.EchoRequest not found");
  CHECK(field_of(respond(request(kNumbers, "perigee.test.EchoRequest")), kError).empty());
  CHECK(error_of(request(kNumbers, "pkg.None")) == "5: type pkg.None not found");
}

TEST_CASE("a response has the host and the request that it answers") {
  const std::string asked = request(kHost, "here") + request(kList, "");
  const std::string response = respond(asked);
  CHECK(field_of(response, 1) == "here");
  CHECK(field_of(response, kOriginal) == asked);
  CHECK(error_of(request(kHost, "here")) == "3: the request asks for nothing");
}

TEST_CASE("reflection goes on after an error, in both versions") {
  GrpcFixture target;
  for (const std::string version : {"v1", "v1alpha"}) {
    Http2Stream& stream = target.client.open("/grpc.reflection." + version +
                                             ".ServerReflection/ServerReflectionInfo");
    stream.send(GrpcClient::frame(request(kSymbol, "pkg.None")));
    target.client.await(stream, 1);
    stream.send(GrpcClient::frame(request(kList, "")));
    stream.end();
    const GrpcAnswer answer = target.client.finish(stream);
    REQUIRE(answer.messages.size() == 2);
    CHECK(!field_of(answer.messages[0], kError).empty());
    CHECK(!field_of(answer.messages[1], kServices).empty());
    CHECK(answer.code == 0);
  }
}

}  // namespace
}  // namespace perigee
