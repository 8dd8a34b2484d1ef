#include "target/inference_response.h"

#include <limits>

#include <doctest/doctest.h>

namespace perigee {
namespace {

std::string written(const Tensor& output) {
  const std::string text =
      write_inference_response({"m", "1", "i", std::span(&output, 1)}, {}).bytes;
  constexpr std::string_view kBefore =
      R"({"model_name":"m","model_version":"1","id":"i","parameters":{},"outputs":[)";
  REQUIRE(text.starts_with(kBefore));
  REQUIRE(text.ends_with("]}"));
  return text.substr(kBefore.size(), text.size() - kBefore.size() - 2);
}

std::vector<std::string> chosen(std::vector<std::string> wanted) {
  const Tensor flower{"predict", Datatype::kFp32, {1, 4}, Reals{1, 2, 3, 4}};
  const ModelType& iris = *find_model_type("iris");
  InferenceRequest request;
  request.outputs = std::move(wanted);
  std::vector<std::string> names;
  for (const Tensor& tensor : choose_outputs(iris.predict(std::span(&flower, 1)), request, iris)) {
    names.push_back(tensor.name);
  }
  return names;
}

TEST_CASE("an answer has the members MLServer's has, in its order") {
  CHECK(
      written({"predict", Datatype::kInt64, {1, 1}, Integers{2}}) ==
      R"({"name":"predict","shape":[1,1],"datatype":"INT64","parameters":{"content_type":"np"},"data":[2]})");
}

TEST_CASE("numbers are written as short as their datatype allows") {
  CHECK(
      written({"y", Datatype::kFp32, {3}, Reals{0.1, 10, 1e-9}}) ==
      R"({"name":"y","shape":[3],"datatype":"FP32","parameters":{"content_type":"np"},"data":[0.1,10,1e-09]})");
  CHECK(
      written({"y", Datatype::kFp64, {1}, Reals{0.1F}}) ==
      R"({"name":"y","shape":[1],"datatype":"FP64","parameters":{"content_type":"np"},"data":[0.10000000149011612]})");
  CHECK(
      written({"y", Datatype::kUint64, {1}, Integers{-1}}) ==
      R"({"name":"y","shape":[1],"datatype":"UINT64","parameters":{"content_type":"np"},"data":[18446744073709551615]})");
  CHECK(
      written({"y", Datatype::kBool, {2}, Integers{1, 0}}) ==
      R"({"name":"y","shape":[2],"datatype":"BOOL","parameters":{"content_type":"np"},"data":[true,false]})");
}

TEST_CASE("what JSON has no number for is null") {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  for (const Datatype datatype : {Datatype::kFp16, Datatype::kFp32, Datatype::kFp64}) {
    CHECK(written({"y", datatype, {3}, Reals{kNan, -kInfinite, 1}})
              .ends_with(R"("data":[null,null,1]})"));
  }
  CHECK(written({"y", Datatype::kFp32, {1}, Reals{1e300}}).ends_with(R"("data":[null]})"));
}

TEST_CASE("texts are escaped") {
  CHECK(
      written({"y", Datatype::kBytes, {1}, Texts{"a \"b\"\n"}}) ==
      R"({"name":"y","shape":[1],"datatype":"BYTES","parameters":{"content_type":"str"},"data":["a \"b\"\n"]})");
}

TEST_CASE("values in binary stand behind the JSON, in the order of their outputs") {
  const std::vector<Tensor> outputs{{"a", Datatype::kFp16, {2}, Reals{1, -2}},
                                    {"b", Datatype::kInt8, {1}, Integers{7}},
                                    {"c", Datatype::kBytes, {1}, Texts{"xy"}}};
  InferenceRequest request;
  request.outputs = {"a", "b", "c"};
  request.binary_outputs = {"a", "c"};
  const ResponseBody body = write_inference_response({"m", "1", "i", outputs}, request);
  CHECK(body.has_binary);
  CHECK(
      body.bytes.substr(0, body.json_size)
          .ends_with(
              R"("outputs":[{"name":"a","shape":[2],"datatype":"FP16","parameters":{"binary_data_size":4}},)"
              R"({"name":"b","shape":[1],"datatype":"INT8","parameters":{"content_type":"np"},"data":[7]},)"
              R"({"name":"c","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":6}}]})"));
  CHECK(body.bytes.substr(body.json_size) == std::string("\0\x3c\0\xc0\2\0\0\0xy", 10));
}

TEST_CASE("an output that is computed on request only is left out unless it is asked for") {
  CHECK(chosen({}) == std::vector<std::string>{"predict"});
  CHECK(chosen({"predict_proba"}) == std::vector<std::string>{"predict_proba"});
  CHECK(chosen({"predict_proba", "predict"}) ==
        std::vector<std::string>{"predict_proba", "predict"});
}

}  // namespace
}  // namespace perigee
