#include <doctest/doctest.h>

#include "tests/target/grpc/grpc_fixture.h"

namespace perigee {
namespace {

using namespace inference_fields;
using protobuf::WireWriter;

const std::string kService = "/inference.GRPCInferenceService/";
const std::string kTrue = "\x08\x01";

std::string named(std::string_view name, std::string_view version = {}) {
  std::string message;
  WireWriter writer(message);
  writer.bytes_field(kModelName, name);
  if (!version.empty()) writer.bytes_field(kModelVersion, version);
  return message;
}

std::string repository_named(std::string_view name) {
  std::string message;
  WireWriter(message).bytes_field(kRepositoryModelName, name);
  return message;
}

// Of a request to load a model: a parameter that is a text.
std::string parameter(std::string_view key, std::string_view value) {
  std::string text, entry, message;
  WireWriter(text).bytes_field(kStringParameter, value);
  WireWriter(entry).bytes_field(kEntryKey, key);
  WireWriter(entry).bytes_field(kEntryValue, text);
  WireWriter(message).bytes_field(kLoadParameters, entry);
  return message;
}

TEST_CASE("the target is live, and ready unless a model is loading") {
  TargetOptions options;
  options.load_time = std::chrono::hours(1);
  GrpcFixture target(options);
  CHECK(target.call(kService + "ServerLive").only() == kTrue);
  CHECK(target.call(kService + "ServerReady").only() == kTrue);
  target.client.open(kService + "RepositoryModelLoad")
      .send(GrpcClient::frame(repository_named("iris-later")));
  CHECK(target.call(kService + "ServerLive").only() == kTrue);
  CHECK(target.call(kService + "ServerReady").only().empty());
  CHECK(target.call(kService + "ModelReady", named("iris-later")).only().empty());
}

TEST_CASE("a model is ready or not, and asking for one that is not there is no error") {
  GrpcFixture target;
  const auto ready = [&](const std::string& message, const Http2Stream::Fields& more = {}) {
    const GrpcAnswer answer = target.call(kService + "ModelReady", message, more);
    CHECK(answer.code == 0);
    return answer.only() == kTrue;
  };
  CHECK(ready(named("iris")));
  CHECK(ready(named("iris", "1")));
  CHECK(!ready(named("iris", "7")));
  CHECK(!ready(named("nobody")));
  CHECK(ready(named("nobody"), {{"seldon-model", "iris"}}));
}

TEST_CASE("metadata say what the server and its models are") {
  GrpcFixture target;
  const std::string server = target.call(kService + "ServerMetadata").only();
  CHECK(field_of(server, kServerName) == "perigee");
  CHECK(field_of(server, kServerExtensions) == "model_repository");
  const std::string model = target.call(kService + "ModelMetadata", named("tfsimple")).only();
  CHECK(field_of(model, kMetadataName) == "tfsimple");
  CHECK(field_of(model, kMetadataVersions) == "1");
  CHECK(field_of(model, kMetadataPlatform) == "perigee_tfsimple");
  const auto inputs = fields_of(model, kMetadataInputs);
  REQUIRE(inputs.size() == 2);
  CHECK(field_of(inputs[1], kMetadataTensorName) == "INPUT1");
  CHECK(field_of(inputs[1], kMetadataTensorDatatype) == "INT32");
  CHECK(field_of(inputs[1], kMetadataTensorShape) ==
        "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x10");
  CHECK(fields_of(model, kMetadataOutputs).size() == 2);
  CHECK(target.call(kService + "ModelMetadata", named("nobody")).code == 5);
}

TEST_CASE("models are loaded, listed and unloaded") {
  GrpcFixture target;
  const auto state = [&](std::string_view name, std::string_view request) {
    const std::string index = target.call(kService + "RepositoryIndex", request).only();
    for (const std::string& model : fields_of(index, kIndexModels)) {
      if (field_of(model, kIndexName) == name) return field_of(model, kIndexState);
    }
    return std::string("not listed");
  };
  CHECK(state("iris9", "") == "not listed");
  CHECK(target.call(kService + "RepositoryModelLoad", repository_named("iris9")).only().empty());
  CHECK(state("iris9", "") == "READY");
  CHECK(target.call(kService + "RepositoryModelUnload", repository_named("iris")).code == 0);
  CHECK(state("iris", "") == "UNAVAILABLE");
  CHECK(state("iris", "\x10\x01") == "not listed");  // those that are ready only
  CHECK(target.call(kService + "RepositoryModelUnload", repository_named("iris")).code == 5);
}

TEST_CASE("the type of a model to load is in its name, a parameter or metadata") {
  GrpcFixture target;
  const auto load = [&](const std::string& more, const Http2Stream::Fields& fields = {}) {
    return target.call(kService + "RepositoryModelLoad", repository_named("mine") + more, fields);
  };
  const GrpcAnswer unknown = load("");
  CHECK(unknown.code == 5);
  CHECK(unknown.message.starts_with("Model mine not found: the name begins with no model type"));
  CHECK(load(parameter("model_type", "iri")).code == 3);
  CHECK(load(parameter("config", "{}") + parameter("model_type", "iris")).code == 0);
  CHECK(target.infer(GrpcFixture::iris("mine")).code == 0);
  CHECK(load("", {{"perigee-model-type", "echo"}}).code == 0);
  CHECK(target.infer(wire_request("mine", {wire_input("x", "INT8", {1})}, {"a"})).code == 0);
}

}  // namespace
}  // namespace perigee
