#include "target/tensorflow/predict_request.h"

#include <string>

#include <doctest/doctest.h>

#include "target/bad_request.h"

namespace perigee {
namespace {

PredictRequest parse(const char* model, const std::string& text) {
  return parse_predict_request(text, *find_model_type(model));
}

std::string error_of(const char* model, const std::string& text) {
  try {
    parse(model, text);
  } catch (const BadRequest& error) {
    return error.what();
  }
  return "no error";
}

void has(const std::string& text, const std::string& part) {
  INFO(text);
  CHECK(text.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("a tensor's shape is that of its lists") {
  const PredictRequest wanted = parse("iris", R"({"inputs":[[1,2,3,4],[5,6,7,8.5]]})");
  CHECK_FALSE(wanted.by_row);
  const Tensor& input = wanted.request.inputs.at(0);
  CHECK(input.name == "predict");
  CHECK(input.datatype == Datatype::kFp32);
  CHECK(input.shape == Shape{2, 4});
  CHECK(input.reals() == Reals{1, 2, 3, 4, 5, 6, 7, 8.5});
}

TEST_CASE("instances are the rows of the inputs, with names or without") {
  const PredictRequest plain = parse("iris", R"({"instances":[[1,2,3,4],[5,6,7,8]]})");
  CHECK(plain.by_row);
  CHECK(plain.request.inputs.at(0).shape == Shape{2, 4});
  const PredictRequest named =
      parse("iris", R"({"signature_name":"serving_default","instances":[{"predict":[1,2,3,4]}]})");
  CHECK(named.request.inputs.at(0).reals() == Reals{1, 2, 3, 4});
}

TEST_CASE("an object with b64 is a text, wherever it stands") {
  const PredictRequest wanted =
      parse("sentiment", R"({"inputs":{"args":[{"b64":"Z29vZA=="},"bad"]}})");
  CHECK(wanted.request.inputs.at(0).texts() == Texts{"good", "bad"});
  CHECK(parse("sentiment", R"({"instances":[{"b64":"Z29vZA=="}]})").request.inputs.at(0).texts() ==
        Texts{"good"});
}

TEST_CASE("what is wrong with a request is told with the name of the input") {
  has(error_of("iris", "[]"), "the body is not a JSON object");
  has(error_of("iris", "{}"), "must have \"instances\" or \"inputs\"");
  has(error_of("iris", R"({"inputs":[1],"instances":[1]})"), "and not both");
  has(error_of("iris", R"({"instances":[]})"), "not a list of at least one");
  has(error_of("iris", R"({"inputs":[[1,2,3,4],[1,2]]})"), "input \"predict\" are not all of one");
  has(error_of("iris", R"({"inputs":{"x":[[1,2,3,4]]}})"), "no input \"x\"");
  has(error_of("iris", R"({"inputs":{"predict":[[{"b64":"AA=="}]]}})"), "takes FP32");
  has(error_of("iris", R"({"inputs":[[1,2,3,"four"]]})"), "\"four\", not a number");
  has(error_of("sentiment", R"({"inputs":[{"b64":"!"}]})"), "must be {\"b64\": BASE64}");
  has(error_of("tfsimple", R"({"inputs":[[1]]})"), "has 2 inputs: give their values by name");
  has(error_of("tfsimple", R"({"instances":[{"INPUT0":[1],"INPUT1":[1]},{"INPUT0":[1]}]})"),
      "input \"INPUT1\" is not in all instances");
  has(error_of("iris", R"({"signature_name":"other","inputs":[[1,2,3,4]]})"), "serving_default");
}

}  // namespace perigee
