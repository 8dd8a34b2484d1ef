// Inferences over topics.
#include <string>

#include <doctest/doctest.h>

#include "engine/protobuf/wire_reader.h"
#include "engine/protobuf/wire_writer.h"
#include "target/grpc/inference_fields.h"
#include "tests/target/kafka/gateway_fixture.h"

namespace perigee {
namespace {

using nlohmann::json;

constexpr const char* kIris =
    R"({"inputs":[{"name":"predict","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]})";
constexpr const char* kErrors = "seldon.default.errors.errors";

std::string inputs(const char* model) {
  return std::string("seldon.default.model.") + model + ".inputs";
}

std::string outputs(const char* model) {
  return std::string("seldon.default.model.") + model + ".outputs";
}

// A ModelInferRequest with one tensor of four numbers.
std::string iris_message() {
  using namespace inference_fields;
  std::string bytes;
  protobuf::WireWriter writer(bytes);
  const auto input = writer.begin(kRequestInputs);
  writer.bytes_field(kTensorName, "predict");
  writer.bytes_field(kTensorDatatype, "FP32");
  const auto shape = writer.begin(kTensorShape);
  writer.varint(1);
  writer.varint(4);
  writer.end(shape);
  writer.end(input);
  const float values[] = {1, 2, 3, 4};
  writer.bytes_field(kRawInputContents, {reinterpret_cast<const char*>(values), sizeof values});
  return bytes;
}

}  // namespace

TEST_CASE("JSON on a model's inputs is answered on its outputs, with the same key and headers") {
  GatewayFixture test;
  test.client.listen(outputs("iris"));
  test.client.send(inputs("iris"), "0.iris.17", kIris, {{"x-request-id", "17"}, {"x-other", "a"}});
  const ReceivedMessage reply = test.client.receive();
  CHECK(reply.key == "0.iris.17");
  CHECK(reply.headers ==
        std::map<std::string, std::string>{{"x-request-id", "17"}, {"x-other", "a"}});
  const json response = json::parse(reply.value);
  CHECK(response["model_name"] == "iris");
  CHECK(response["id"] == "17");
  CHECK(response["outputs"][0]["data"] == json::array({2}));
}

TEST_CASE("a protobuf message is answered with one") {
  GatewayFixture test;
  test.client.listen(outputs("iris"));
  test.client.send(inputs("iris"), "k", iris_message());
  const std::string value = test.client.receive().value;
  protobuf::WireReader reader(value);
  std::string model, result;
  while (reader.next()) {
    if (reader.field() == inference_fields::kResponseModelName) model = reader.bytes();
    if (reader.field() == inference_fields::kRawOutputContents) result = reader.bytes();
  }
  CHECK(model == "iris");
  CHECK(result == std::string("\2\0\0\0\0\0\0\0", 8));
}

TEST_CASE("a reply may be larger than librdkafka has it by default") {
  GatewayFixture test;
  test.client.listen(outputs("echo"));
  const std::string text(3'000'000, 'x');
  test.client.send(inputs("echo"), "k",
                   R"({"inputs":[{"name":"predict","shape":[1],"datatype":"BYTES","data":[")" +
                       text + R"("]}]})");
  CHECK(json::parse(test.client.receive().value)["outputs"][0]["data"][0] == text);
}

TEST_CASE("a header may say how a value is written, and then says so of the reply") {
  GatewayFixture test;
  test.client.listen(outputs("iris"));
  test.client.send(inputs("iris"), "k", kIris, {{"seldon-infer-type", "json/inferModelRequest"}});
  CHECK(test.client.receive().headers.at("seldon-infer-type") == "json/inferModelResponse");
  test.client.listen(kErrors);
  test.client.send(inputs("iris"), "k", kIris, {{"seldon-infer-type", "proto/InferModelRequest"}});
  CHECK(test.client.receive().topic == kErrors);
}

TEST_CASE("what goes wrong is a text on the topic of errors, which names the model") {
  GatewayFixture test;
  test.client.listen(kErrors);
  test.client.send(inputs("iris"), "k", R"({"inputs":[]})", {{"x-request-id", "1"}});
  const ReceivedMessage reply = test.client.receive();
  CHECK(reply.key == "k");
  CHECK(reply.value == "\"inputs\" is empty");
  CHECK(reply.headers == std::map<std::string, std::string>{{"x-request-id", "1"},
                                                            {"seldon-pipeline-errors", "iris"}});
}

TEST_CASE("a model that has been unloaded answers with an error") {
  GatewayFixture test;
  REQUIRE(test.post("/v2/repository/models/iris/unload", "").status == 200);
  test.client.listen(kErrors);
  test.client.send(inputs("iris"), "k", kIris);
  CHECK(test.client.receive().value == "iris is not loaded");
}

TEST_CASE("models and pipelines that were never there answer with an error") {
  GatewayFixture test;
  test.client.listen(kErrors);
  test.client.send(inputs("nosuch"), "k", kIris);
  const ReceivedMessage reply = test.client.receive();
  CHECK(reply.value == "nosuch is not loaded");
  CHECK(reply.headers.at("seldon-pipeline-errors") == "nosuch");
  test.client.send("seldon.default.pipeline.nosuch.inputs", "k", kIris);
  CHECK(test.client.receive().value == "nosuch.pipeline is not loaded");
}

TEST_CASE("a model that is loaded later answers") {
  TargetOptions options;
  options.models.emplace();
  GatewayFixture test(options);
  REQUIRE(test.post("/v2/repository/models/iris7/load", "").status == 200);
  test.client.send(inputs("iris7"), "k", kIris);
  test.client.listen(outputs("iris7"));
  CHECK(json::parse(test.client.receive().value)["model_name"] == "iris7");
}

TEST_CASE("latency and errors on purpose are for topics, too") {
  TargetOptions options;
  options.behaviour.latency = parse_latency("1ms");
  options.behaviour.error_rate = 1;
  GatewayFixture test(options);
  test.client.listen(kErrors);
  test.client.send(inputs("iris"), "k", kIris);
  CHECK(test.client.receive().value == "failed on purpose (--error-rate)");
}

TEST_CASE("requests over topics are counted until the counts begin anew") {
  GatewayFixture test;
  test.client.listen(outputs("iris"));
  test.client.listen(kErrors);
  for (const char* value : {kIris, kIris, "{}"}) {
    test.client.send(inputs("iris"), "k", value);
    test.client.receive();
  }
  CHECK(test.stats()["kafka"] == json{{"requests", 3}, {"replies", 2}, {"errors", 1}});
  CHECK(test.stats()["requests"] == 0);
  test.post("/stats/reset", "");
  CHECK(test.stats()["kafka"]["requests"] == 0);
}

TEST_CASE("topics have another prefix and namespace if that is asked for") {
  TargetOptions options;
  options.kafka.emplace().topics = "ml.team-a";
  GatewayFixture test(options);
  test.client.listen("ml.team-a.model.iris.outputs");
  test.client.send("ml.team-a.model.iris.inputs", "k", kIris);
  CHECK(json::parse(test.client.receive().value)["model_name"] == "iris");
}

TEST_CASE("a broker that can't have its port says so") {
  const GatewayFixture first;
  TargetOptions options;
  options.port = 0;
  options.kafka.emplace().port = first.target.kafka()->address().port();
  Log log{LogLevel::kError};
  CHECK_THROWS_WITH(Target(options, log),
                    doctest::Contains(first.target.kafka()->address().text().c_str()));
}

}  // namespace perigee
