#include "target/inference_request.h"

#include <cmath>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "target/bad_request.h"

namespace perigee {
namespace {

const ModelType& model(std::string_view name) {
  const ModelType* type = find_model_type(name);
  REQUIRE(type != nullptr);
  return *type;
}

// What is wrong with a request, or "fine".
std::string fault(std::string_view body, std::string_view name = "iris") {
  try {
    parse_inference_request(body, model(name));
    return "fine";
  } catch (const BadRequest& error) {
    return error.what();
  }
}

// A request for iris whose only input has these members.
std::string iris(std::string_view members) {
  return fmt::format(R"({{"inputs":[{{{}}}]}})", members);
}

// A request for tfsimple with these members after the names of its two inputs.
std::string simple(std::string_view first, std::string_view second) {
  return fmt::format(R"({{"inputs":[{{"name":"INPUT0",{}}},{{"name":"INPUT1",{}}}]}})", first,
                     second);
}

constexpr std::string_view kSixteen =
    R"("shape":[1,16],"datatype":"INT32","data":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15])";

TEST_CASE("a request is read into tensors") {
  const InferenceRequest request = parse_inference_request(
      R"({"id":"a7","inputs":[{"name":"predict","shape":[2,4],"datatype":"FP32",
          "data":[1,2,3,4,5,6,7,8.5]}],"outputs":[{"name":"predict_proba"}]})",
      model("iris"));
  CHECK(request.id == "a7");
  REQUIRE(request.inputs.size() == 1);
  CHECK(request.inputs[0].name == "predict");
  CHECK(request.inputs[0].shape == Shape{2, 4});
  CHECK(request.inputs[0].reals() == Reals{1, 2, 3, 4, 5, 6, 7, 8.5});
  CHECK(request.outputs == std::vector<std::string>{"predict_proba"});
}

TEST_CASE("data may be nested in any way that has the right number of values") {
  CHECK(fault(iris(R"("name":"predict","shape":[1,4],"datatype":"FP32","data":[[1,2,3,4]])")) ==
        "fine");
  CHECK(fault(iris(
            R"("name":"predict","shape":[2,4],"datatype":"FP32","data":[[0,1,2,3,4,5,6,7]])")) ==
        "fine");
  CHECK(fault(iris(R"("name":"predict","shape":[1,4],"datatype":"FP32","data":[[1,2],[3],4])")) ==
        "fine");
}

TEST_CASE("inputs may come in any order") {
  const InferenceRequest request = parse_inference_request(
      fmt::format(R"({{"inputs":[{{"name":"INPUT1",{0}}},{{"name":"INPUT0",{0}}}]}})", kSixteen),
      model("tfsimple"));
  CHECK(request.inputs[0].name == "INPUT0");
  CHECK(request.inputs[1].name == "INPUT1");
}

TEST_CASE("what clients send beside the inputs does no harm") {
  CHECK(
      fault(
          R"({"id":null,"parameters":{"content_type":"pd"},"outputs":null,"inputs":[{"name":"input",
      "shape":[1,4],"datatype":"INT64","parameters":{},"data":[1,2,3,4]}]})") == "fine");
}

TEST_CASE("the requests of the suite are accepted for every model") {
  const auto filled = [](std::string_view name, std::string_view shape, std::string_view datatype,
                         size_t size, std::string_view value) {
    std::string data;
    for (size_t i = 0; i < size; ++i)
      data += fmt::format("{}{}", i == 0 ? "" : ",", value);
    return fmt::format(R"({{"name":"{}","shape":{},"datatype":"{}","data":[{}]}})", name, shape,
                       datatype, data);
  };
  const auto request = [](std::string_view inputs) {
    return fmt::format(R"({{"inputs":[{}]}})", inputs);
  };
  const std::string text = R"("97")";
  CHECK(fault(request(filled("INPUT", "[4]", "FP32", 4, "0.1")), "add10") == "fine");
  CHECK(fault(request(filled("args", "[2]", "BYTES", 2, R"("a test")")), "sentiment") == "fine");
  CHECK(fault(request(filled("input__0", "[1,3,32,32]", "FP32", 3072, "0.1")), "pytorch_cifar10") ==
        "fine");
  CHECK(fault(request(filled("conv2d_input", "[1,28,28,1]", "FP32", 784, "0.1")), "tfmnist") ==
        "fine");
  CHECK(fault(request(filled("input_1", "[1,224,224,3]", "FP32", 150528, "0.1")), "tfresnet152") ==
        "fine");
  CHECK(fault(request(filled("input_ids", "[1,10]", "INT32", 10, "1") + "," +
                      filled("attention_mask", "[1,10]", "INT32", 10, "1")),
              "onnx_gpt2") == "fine");
  CHECK(fault(request(filled("INPUT0", "[1,16]", "BYTES", 16, text) + "," +
                      filled("INPUT1", "[1,16]", "BYTES", 16, text)),
              "tfsimple_string") == "fine");
  CHECK(fault(request(filled("predict", "[1]", "BYTES", 1, R"("hello")")), "echo") == "fine");
  CHECK(fault(R"({"inputs":[{"shape":[1],"datatype":"BYTES","data":["h"]}]})", "synth") == "fine");
}

TEST_CASE("reals are rounded to their datatype, and null stands for not-a-number") {
  const auto reals = [](std::string_view datatype, std::string_view data) {
    const std::string body = fmt::format(
        R"({{"inputs":[{{"name":"x","shape":[1],"datatype":"{}","data":{}}}]}})", datatype, data);
    return parse_inference_request(body, model("echo")).inputs[0].reals()[0];
  };
  CHECK(reals("FP32", "[3.4028235e+38]") == 0x1.fffffep127);
  CHECK(reals("FP32", "[0.1]") == 0.1F);
  CHECK(reals("FP16", "[65519]") == 65504);
  CHECK(reals("BF16", "[257]") == 256);
  CHECK(reals("FP64", "[-1.7976931348623157e308]") == -0x1.fffffffffffffp1023);
  for (const char* datatype : {"FP16", "BF16", "FP32", "FP64"})
    CHECK(std::isnan(reals(datatype, "[null]")));
}

TEST_CASE("outputs go in binary where the request or the output itself says so") {
  const auto wanted = [](std::string_view members) {
    const std::string body = fmt::format(
        R"({{{},"inputs":[{{"name":"predict","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}}]}})",
        members);
    const InferenceRequest request = parse_inference_request(body, model("iris"));
    return std::pair(request.wants_binary("predict"), request.wants_binary("predict_proba"));
  };
  using Wanted = std::pair<bool, bool>;
  CHECK(wanted(R"("id":"1")") == Wanted{false, false});
  CHECK(wanted(R"("parameters":{"binary_data_output":true})") == Wanted{true, true});
  CHECK(wanted(R"("outputs":[{"name":"predict","parameters":{"binary_data":true}},)"
               R"({"name":"predict_proba"}])") == Wanted{true, false});
  CHECK(wanted(R"("parameters":{"binary_data_output":true},"outputs":[{"name":"predict"},)"
               R"({"name":"predict_proba","parameters":{"binary_data":false}}])") ==
        Wanted{true, false});
}

TEST_CASE("a parameter about binary outputs is true or false") {
  CHECK(fault(R"({"parameters":{"binary_data_output":1},"inputs":[{"name":"predict","shape":[1,4],)"
              R"("datatype":"FP32","data":[1,2,3,4]}]})") ==
        "the parameter \"binary_data_output\" is not true or false");
  CHECK(fault(R"({"outputs":[{"name":"predict","parameters":{"binary_data":"yes"}}],"inputs":)"
              R"([{"name":"predict","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]})") ==
        "the parameter \"binary_data\" is not true or false");
}

TEST_CASE("a body that is no request is refused with what is wrong") {
  CHECK(fault("") == "the body is not JSON: it goes wrong at byte 1, where it ends");
  CHECK(fault(R"({"inputs":)") == "the body is not JSON: it goes wrong at byte 11, where it ends");
  CHECK(fault("[]") == "the body is not a JSON object");
  CHECK(fault("{}") == "the request has no \"inputs\"");
  CHECK(fault(R"({"inputs":{}})") == "\"inputs\" is not a list");
  CHECK(fault(R"({"inputs":[]})") == "\"inputs\" is empty");
  CHECK(fault(R"({"id":7,"inputs":[]})") == "\"id\" is not a string");
  CHECK(fault(R"({"inputs":[1e999]})") == "the body holds a number that is too large");
}

TEST_CASE("an input that is not complete is refused by its name") {
  CHECK(fault(R"({"inputs":[7]})") == "input 1 is not an object");
  CHECK(fault(iris(R"("shape":[1,4])")) == "input 1 has no \"name\"");
  CHECK(fault(iris(R"("name":7)")) == "input 1 has no \"name\"");
  CHECK(fault(iris(R"("name":"predict")")) == "input \"predict\" has no \"datatype\"");
  CHECK(fault(iris(R"("name":"predict","datatype":"FP32")")) ==
        "input \"predict\" has no \"shape\"");
  CHECK(fault(iris(R"("name":"predict","datatype":"FP32","shape":[1,4])")) ==
        "input \"predict\" has no \"data\"");
  CHECK(fault(iris(R"("name":"predict","datatype":"FP32","shape":[1,4],"data":7)")) ==
        "input \"predict\": \"data\" is not a list");
  CHECK(fault(iris(R"("name":"predict","datatype":"FP32","shape":4)")) ==
        "input \"predict\": \"shape\" is not a list");
}

TEST_CASE("an unknown datatype is refused with the known ones") {
  CHECK(fault(iris(R"("name":"predict","datatype":"FP99")")) ==
        "input \"predict\": \"FP99\" is not a datatype; one of BOOL, UINT8, UINT16, UINT32, "
        "UINT64, INT8, "
        "INT16, INT32, INT64, FP16, FP32, FP64, BF16, BYTES is");
}

TEST_CASE("a shape that is none is refused") {
  CHECK(fault(iris(R"("name":"predict","datatype":"FP32","shape":[1,-4])")) ==
        "input \"predict\": -4 is not a size; \"shape\" is a list of whole numbers");
  CHECK(fault(iris(R"("name":"predict","datatype":"FP32","shape":[1.5,4])")) ==
        "input \"predict\": 1.5 is not a size; \"shape\" is a list of whole numbers");
  CHECK(fault(iris(R"("name":"predict","datatype":"FP32","shape":[100000,100000,100000])")) ==
        "input \"predict\" is larger than any request may be");
  CHECK(fault(iris(R"("name":"predict","datatype":"FP32","shape":[18446744073709551615])")) ==
        "input \"predict\": 18446744073709551615 is not a size; \"shape\" is a list of whole "
        "numbers");
}

TEST_CASE("data that does not fill its shape is refused") {
  CHECK(fault(iris(R"("name":"predict","shape":[1,4],"datatype":"FP32","data":[1,2,3])")) ==
        "input \"predict\" has 3 values in \"data\"; its shape [1,4] holds 4");
  CHECK(fault(iris(R"("name":"predict","shape":[1,4],"datatype":"FP32","data":[1])")) ==
        "input \"predict\" has 1 value in \"data\"; its shape [1,4] holds 4");
  CHECK(fault(iris(R"("name":"predict","shape":[1,4],"datatype":"FP32","data":[[1,2,3,4,5]])")) ==
        "input \"predict\" has 5 values in \"data\"; its shape [1,4] holds 4");
}

TEST_CASE("a value that its datatype can't hold is refused by its place") {
  CHECK(fault(iris(R"("name":"predict","shape":[1,4],"datatype":"FP32","data":[1,2,"x",4])")) ==
        "input \"predict\": value 2 of \"data\" is \"x\", not a number");
  CHECK(fault(iris(R"("name":"predict","shape":[1,4],"datatype":"FP32","data":[1,2,3,4e38])")) ==
        "input \"predict\": value 3 of \"data\" is 4e+38, outside the range of FP32");
  CHECK(fault(iris(R"("name":"predict","shape":[1,4],"datatype":"INT32","data":[1.5,2,3,4])")) ==
        "input \"predict\": value 0 of \"data\" is 1.5, not a whole number");
  CHECK(fault(iris(
            R"("name":"predict","shape":[1,4],"datatype":"INT32","data":[1,2147483648,3,4])")) ==
        "input \"predict\": value 1 of \"data\" is 2147483648, outside the range of INT32");
  CHECK(fault(iris(R"("name":"predict","shape":[1,4],"datatype":"INT32","data":[1,2,3,null])")) ==
        "input \"predict\": value 3 of \"data\" is null, not a whole number");
  CHECK(fault(R"({"inputs":[{"name":"a","shape":[1],"datatype":"FP16","data":[65520]}]})",
              "echo") == "input \"a\": value 0 of \"data\" is 65520, outside the range of FP16");
  CHECK(fault(R"({"inputs":[{"name":"a","shape":[1],"datatype":"BOOL","data":["x"]}]})", "echo") ==
        "input \"a\": value 0 of \"data\" is \"x\", not true or false");
  CHECK(fault(R"({"inputs":[{"name":"a","shape":[1],"datatype":"UINT8","data":[-1]}]})", "echo") ==
        "input \"a\": value 0 of \"data\" is -1, outside the range of UINT8");
  CHECK(fault(R"({"inputs":[{"name":"a","shape":[1],"datatype":"BYTES","data":[7]}]})", "echo") ==
        "input \"a\": value 0 of \"data\" is 7, not a string");
}

TEST_CASE("a long value is shown in part") {
  const std::string body =
      fmt::format(R"({{"inputs":[{{"name":"a","shape":[1],"datatype":"FP32","data":["{}"]}}]}})",
                  std::string(200, 'x'));
  CHECK(fault(body, "echo") ==
        fmt::format("input \"a\": value 0 of \"data\" is \"{}..., not a number",
                    std::string(59, 'x')));
}

TEST_CASE("data nested without end is refused") {
  const std::string body =
      fmt::format(R"({{"inputs":[{{"name":"a","shape":[1],"datatype":"FP32","data":{}1{}}}]}})",
                  std::string(40, '['), std::string(40, ']'));
  CHECK(fault(body, "echo") == "input \"a\": \"data\" is nested too deeply");
}

TEST_CASE("inputs the model does not have, or not twice, or does not get, are refused") {
  CHECK(fault(iris(R"("name":"flower","shape":[1,4],"datatype":"FP32","data":[1,2,3,4])")) ==
        "model iris has no input \"flower\"; it takes predict");
  const std::string one = fmt::format(R"({{"name":"INPUT0",{}}})", kSixteen);
  CHECK(fault(fmt::format(R"({{"inputs":[{0},{0}]}})", one), "tfsimple") ==
        "input \"INPUT0\" is given twice");
  CHECK(fault(fmt::format(R"({{"inputs":[{}]}})", one), "tfsimple") ==
        "input \"INPUT1\" is missing");
}

TEST_CASE("a datatype or a shape that is not the model's is refused") {
  CHECK(fault(iris(
            R"("name":"predict","shape":[1,4],"datatype":"BYTES","data":["1","2","3","4"])")) ==
        "input \"predict\" is BYTES; the model takes FP32 or FP64 or INT32 or INT64");
  CHECK(fault(iris(R"("name":"predict","shape":[1,3],"datatype":"FP32","data":[1,2,3])")) ==
        "input \"predict\" has the shape [1,3]; the model takes [-1,4]");
  CHECK(fault(iris(R"("name":"predict","shape":[4],"datatype":"FP32","data":[1,2,3,4])")) ==
        "input \"predict\" has the shape [4]; the model takes [-1,4]");
  CHECK(fault(iris(R"("name":"predict","shape":[0,4],"datatype":"FP32","data":[])")) ==
        "input \"predict\" has the shape [0,4]; the model takes [-1,4]");
}

TEST_CASE("inputs that differ in their batch are refused") {
  std::string numbers = "0";
  for (int i = 1; i < 32; ++i)
    numbers += fmt::format(",{}", i);
  const std::string two = fmt::format(R"("shape":[2,16],"datatype":"INT32","data":[{}])", numbers);
  CHECK(fault(simple(kSixteen, two), "tfsimple") ==
        "input \"INPUT0\" has the shape [1,16] and input \"INPUT1\" [2,16]; they must agree");
}

TEST_CASE("an output the model does not have is refused") {
  constexpr std::string_view kInput =
      R"("inputs":[{"name":"predict","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}])";
  CHECK(fault(fmt::format(R"({{{},"outputs":[{{"name":"species"}}]}})", kInput)) ==
        "model iris has no output \"species\"");
  CHECK(fault(fmt::format(R"({{{},"outputs":[{{}}]}})", kInput)) ==
        "an entry of \"outputs\" has no \"name\"");
  CHECK(fault(fmt::format(R"({{{},"outputs":7}})", kInput)) == "\"outputs\" is not a list");
}

}  // namespace
}  // namespace perigee
