// TensorFlow Serving's API, by messages that its own types read and write.
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/protobuf/schema.h"
#include "target/grpc/embedded_protos.h"
#include "tests/target/grpc/grpc_fixture.h"

namespace perigee {
namespace {

using nlohmann::json;
using protobuf::Schema;

const std::string kPrediction = "/tensorflow.serving.PredictionService/";
const std::string kStatus = "/tensorflow.serving.ModelService/GetModelStatus";

const Schema& schema() {
  static const auto kSchema = [] {
    protobuf::ProtoFiles files;
    files.embedded = embedded_protos();
    files.files = {"tensorflow_serving/prediction_service.proto"};
    return Schema::from_proto_files(files);
  }();
  return *kSchema;
}

// A call whose messages are JSON here.
struct Call {
  Call(GrpcFixture& target, const std::string& path, const json& request) {
    const protobuf::MethodType& method = schema().method(path);
    const GrpcAnswer answer = target.call(path, schema().from_json(*method.input, request.dump()));
    code = answer.code;
    message = answer.message;
    if (code == 0) response = json::parse(schema().to_json(*method.output, answer.only()));
  }

  int code = 0;
  std::string message;
  json response;
};

// A tensor of DT_FLOAT with values in their list.
json floats(const std::vector<int>& sizes, const std::vector<double>& values) {
  json dims = json::array();
  for (const int size : sizes)
    dims.push_back({{"size", std::to_string(size)}});
  return {{"dtype", "DT_FLOAT"}, {"tensorShape", {{"dim", dims}}}, {"floatVal", values}};
}

}  // namespace

TEST_CASE("a model predicts from values in a list, and answers with bytes") {
  GrpcFixture target;
  const Call call(
      target, kPrediction + "Predict",
      {{"modelSpec", {{"name", "add10"}}}, {"inputs", {{"INPUT", floats({4}, {1, 2, 3, 4})}}}});
  INFO(call.message);
  REQUIRE(call.code == 0);
  const json output = call.response.at("outputs").at("OUTPUT");
  CHECK(output.at("dtype") == "DT_FLOAT");
  CHECK(output.at("tensorShape").at("dim").at(0).at("size") == "4");
  CHECK(output.at("tensorContent") == "AAAwQQAAQEEAAFBBAABgQQ==");
  CHECK(call.response.at("modelSpec").at("version") == "1");
}

TEST_CASE("one value of a list stands for all, and texts are a list") {
  GrpcFixture target;
  const Call same(target, kPrediction + "Predict",
                  {{"modelSpec", {{"name", "add10"}}}, {"inputs", {{"INPUT", floats({4}, {1})}}}});
  INFO(same.message);
  CHECK(same.code == 0);
  const json texts{{"dtype", "DT_STRING"},
                   {"tensorShape", {{"dim", {{{"size", "2"}}}}}},
                   {"stringVal", {"YQ==", "Yg=="}}};
  const Call echo(target, kPrediction + "Predict",
                  {{"modelSpec", {{"name", "echo"}}}, {"inputs", {{"predict", texts}}}});
  INFO(echo.message);
  REQUIRE(echo.code == 0);
  CHECK(echo.response.at("outputs").at("predict").at("stringVal") == json{"YQ==", "Yg=="});
}

TEST_CASE("metadata have the signature of a model") {
  GrpcFixture target;
  const Call call(target, kPrediction + "GetModelMetadata",
                  {{"modelSpec", {{"name", "iris"}}}, {"metadataField", {"signature_def"}}});
  INFO(call.message);
  REQUIRE(call.code == 0);
  const json signature =
      call.response.at("metadata").at("signature_def").at("signatureDef").at("serving_default");
  const json input = signature.at("inputs").at("predict");
  CHECK(input.at("dtype") == "DT_FLOAT");
  CHECK(input.at("tensorShape").at("dim").at(0).at("size") == "-1");
  CHECK(signature.at("outputs").contains("predict"));
}

TEST_CASE("the status of a model is that of its version") {
  GrpcFixture target;
  const Call call(target, kStatus, {{"modelSpec", {{"name", "iris"}}}});
  REQUIRE(call.code == 0);
  CHECK(call.response.at("modelVersionStatus").at(0).at("state") == "AVAILABLE");
  CHECK(call.response.at("modelVersionStatus").at(0).at("version") == "1");
}

TEST_CASE("what there is not is refused") {
  GrpcFixture target;
  CHECK(Call(target, kStatus, {{"modelSpec", {{"name", "nobody"}}}}).code == 5);
  CHECK(Call(target, kStatus, {{"modelSpec", {{"name", "iris"}, {"version", "9"}}}}).code == 5);
  CHECK(Call(target, kPrediction + "GetModelMetadata", {{"modelSpec", {{"name", "iris"}}}}).code ==
        3);
  const Call other(target, kPrediction + "Predict",
                   {{"modelSpec", {{"name", "add10"}, {"signatureName", "other"}}},
                    {"inputs", {{"INPUT", floats({4}, {1, 2, 3, 4})}}}});
  CHECK(other.code == 3);
  CHECK(other.message.find("there is serving_default") != std::string::npos);
  const Call few(
      target, kPrediction + "Predict",
      {{"modelSpec", {{"name", "add10"}}}, {"inputs", {{"INPUT", floats({4}, {1, 2, 3})}}}});
  CHECK(few.code == 3);
}

}  // namespace perigee
