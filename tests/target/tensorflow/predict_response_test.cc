#include "target/tensorflow/predict_response.h"

#include <vector>

#include <doctest/doctest.h>

#include "target/bad_request.h"

namespace perigee {
namespace {

Tensor reals(std::string name, Shape shape, Reals values) {
  return {std::move(name), Datatype::kFp32, std::move(shape), std::move(values)};
}

}  // namespace

TEST_CASE("outputs are nested by their shapes, the only one without its name") {
  const std::vector<Tensor> one{reals("x", {2, 2}, {1, 2.5, 3, 4})};
  CHECK(write_outputs(one) == R"({"outputs":[[1,2.5],[3,4]]})");
  CHECK(write_predictions(one) == R"({"predictions":[[1,2.5],[3,4]]})");
}

TEST_CASE("of several outputs each has its name, in rows in each row") {
  const std::vector<Tensor> two{reals("x", {2}, {1, 2}),
                                {"y", Datatype::kBytes, {2, 1}, Texts{"a", "b"}}};
  CHECK(write_outputs(two) == R"({"outputs":{"x":[1,2],"y":[["a"],["b"]]}})");
  CHECK(write_predictions(two) == R"({"predictions":[{"x":1,"y":["a"]},{"x":2,"y":["b"]}]})");
}

TEST_CASE("texts of an output that is called so are in Base64") {
  const std::vector<Tensor> one{{"image_bytes", Datatype::kBytes, {1}, Texts{"\xff\xd8"}}};
  CHECK(write_outputs(one) == R"({"outputs":[{"b64":"/9g="}]})");
}

TEST_CASE("outputs without common rows can't be told by row") {
  const std::vector<Tensor> uneven{reals("x", {2}, {1, 2}), reals("y", {1}, {1})};
  CHECK_THROWS_AS(write_predictions(uneven), BadRequest);
  CHECK_THROWS_AS(write_predictions(std::vector<Tensor>{reals("x", {}, {1})}), BadRequest);
}

}  // namespace perigee
