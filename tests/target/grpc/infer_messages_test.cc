#include "target/grpc/infer_messages.h"

#include <doctest/doctest.h>

#include "target/bad_request.h"
#include "target/grpc/malformed_message.h"
#include "tests/target/grpc/infer_request_text.h"

namespace perigee {
namespace {

using namespace inference_fields;

const ModelType& model(std::string_view name) {
  return *find_model_type(name);
}

InferenceRequest read(std::string_view message, std::string_view name = "iris") {
  InferMessage infer;
  infer.read(message);
  return infer.tensors(model(name));
}

std::string error_of(std::string_view message, std::string_view name = "iris") {
  try {
    read(message, name);
    return "";
  } catch (const BadRequest& error) {
    return error.what();
  }
}

const std::string kFlower = floats({1, 2, 3, 4});

TEST_CASE("a request with raw contents is read into tensors") {
  const std::string message =
      wire_request("iris", {wire_input("predict", "FP32", {1, 4})}, {kFlower}, "mine");
  InferMessage infer;
  infer.read(message);
  CHECK(infer.model_name() == "iris");
  CHECK(infer.model_version().empty());
  CHECK(infer.raw());
  const InferenceRequest request = infer.tensors(model("iris"));
  CHECK(request.id == "mine");
  CHECK(request.inputs.at(0).name == "predict");
  CHECK(request.inputs[0].shape == Shape{1, 4});
  CHECK(request.inputs[0].reals() == Reals{1, 2, 3, 4});
}

TEST_CASE("a message reads nothing of the one before it") {
  const std::string first =
      wire_request("iris", {wire_input("predict", "FP32", {1, 4})}, {kFlower}, "mine");
  const std::string second = wire_request("echo", {wire_input("x", "INT8", {0})});
  InferMessage infer;
  infer.read(first);
  infer.read(second);
  CHECK(!infer.raw());
  const InferenceRequest request = infer.tensors(model("echo"));
  CHECK(request.id.empty());
  CHECK(request.inputs.size() == 1);
}

TEST_CASE("the outputs that are asked for are read, and unknown ones refused") {
  const auto asking = [](std::string_view output) {
    std::string message = wire_request("iris", {wire_input("predict", "FP32", {1, 4})}, {kFlower});
    std::string wanted;
    protobuf::WireWriter(wanted).bytes_field(kTensorName, output);
    protobuf::WireWriter(message).bytes_field(kRequestOutputs, wanted);
    return message;
  };
  CHECK(read(asking("predict_proba")).outputs == std::vector<std::string>{"predict_proba"});
  CHECK(error_of(asking("prophecy")) == "model iris has no output \"prophecy\"");
}

TEST_CASE("what is wrong with a request is said by the names its sender used") {
  CHECK(error_of(wire_request("iris", {})) == "the request has no inputs");
  const std::string input = wire_input("predict", "FP32", {1, 4});
  CHECK(error_of(wire_request("iris", {input}, {kFlower, kFlower})) ==
        "the request has 1 inputs and 2 raw_input_contents");
  CHECK(error_of(wire_request("iris", {wire_input("predict", "FP128", {1, 4})}, {kFlower}))
            .starts_with("input \"predict\": \"FP128\" is not a datatype; one of BOOL, "));
  CHECK(error_of(wire_request("iris", {wire_input("flower", "FP32", {1, 4})}, {kFlower})) ==
        "model iris has no input \"flower\"; it takes predict");
  CHECK(
      error_of(wire_request("iris", {wire_input("predict", "FP32", {1, 4}, kFlower)}, {kFlower})) ==
      "input \"predict\" has contents beside raw_input_contents; send one");
}

TEST_CASE("a request that is cut off anywhere is malformed or incomplete, and never read beyond") {
  const std::string whole =
      wire_request("iris", {wire_input("predict", "FP32", {1, 4})}, {kFlower}, "mine");
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    CHECK_THROWS(read(std::string_view(cut.data(), cut.size())));
  }
  CHECK_THROWS_AS(read("\x0a\x05ir"), MalformedMessage);
}

std::string written(const std::vector<Tensor>& outputs, bool raw) {
  std::string out;
  write_infer_response(out, {"iris", "1", "mine", outputs}, raw);
  return out;
}

TEST_CASE("a response names its model, and has its values raw or typed") {
  const std::vector<Tensor> outputs{
      {.name = "a", .datatype = Datatype::kInt32, .shape = {2}, .values = Integers{1, -1}},
      {.name = "b", .datatype = Datatype::kFp32, .shape = {1, 1}, .values = Reals{0.5}}};
  const std::string raw = written(outputs, true);
  CHECK(field_of(raw, kResponseModelName) == "iris");
  CHECK(field_of(raw, kResponseModelVersion) == "1");
  CHECK(field_of(raw, kResponseId) == "mine");
  const auto tensors = fields_of(raw, kResponseOutputs);
  REQUIRE(tensors.size() == 2);
  CHECK(field_of(tensors[0], kTensorName) == "a");
  CHECK(field_of(tensors[0], kTensorDatatype) == "INT32");
  CHECK(field_of(tensors[1], kTensorShape) == "\1\1");
  CHECK(fields_of(tensors[0], kTensorContents).empty());
  CHECK(fields_of(raw, kRawOutputContents) ==
        std::vector<std::string>{std::string("\1\0\0\0\xff\xff\xff\xff", 8),
                                 std::string("\0\0\0\x3f", 4)});

  const std::string typed = written(outputs, false);
  CHECK(fields_of(typed, kRawOutputContents).empty());
  const std::string contents = field_of(fields_of(typed, kResponseOutputs).at(1), kTensorContents);
  CHECK(field_of(contents, kFp32Contents) == std::string("\0\0\0\x3f", 4));
}

TEST_CASE("a response with FP16 is raw whatever the request was") {
  const std::vector<Tensor> outputs{
      {.name = "a", .datatype = Datatype::kInt8, .shape = {1}, .values = Integers{1}},
      {.name = "b", .datatype = Datatype::kFp16, .shape = {1}, .values = Reals{1}}};
  CHECK(fields_of(written(outputs, false), kRawOutputContents).size() == 2);
}

}  // namespace
}  // namespace perigee
