#include "target/inference/raw_request.h"

#include <doctest/doctest.h>

#include "target/bad_request.h"

namespace perigee {
namespace {

std::string fault(std::string_view bytes, std::string_view model) {
  try {
    read_raw_request(bytes, *find_model_type(model));
    return "fine";
  } catch (const BadRequest& error) {
    return error.what();
  }
}

TEST_CASE("the shape of a body without JSON follows from its size") {
  const InferenceRequest request =
      read_raw_request(std::string(2 * 4 * sizeof(float), '\0'), *find_model_type("iris"));
  CHECK(request.inputs[0].name == "predict");
  CHECK(request.inputs[0].datatype == Datatype::kFp32);
  CHECK(request.inputs[0].shape == Shape{2, 4});
  CHECK(request.inputs[0].reals() == Reals(8, 0));
  CHECK(request.wants_binary("predict"));
}

TEST_CASE("a text without JSON is the body as it is") {
  const InferenceRequest request = read_raw_request("a good film", *find_model_type("sentiment"));
  CHECK(request.inputs[0].shape == Shape{1});
  CHECK(request.inputs[0].texts() == Texts{"a good film"});
}

TEST_CASE("a body without JSON that fits no shape is refused") {
  CHECK(fault(std::string(17, '\0'), "iris") ==
        "input \"predict\" has 17 bytes of binary data; its shape [1,4] of FP32 holds 16");
  CHECK(fault("", "iris") == "input \"predict\" has the shape [0,4]; the model takes [-1,4]");
  CHECK(fault("", "tfsimple") == "a body without JSON is for models of one input; tfsimple has 2");
}

}  // namespace
}  // namespace perigee
