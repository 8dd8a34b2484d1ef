#include "target/models.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

std::string_view type_of(std::string_view name) {
  const ModelType* type = model_type_by_prefix(name);
  return type == nullptr ? "none" : type->name;
}

TEST_CASE("the target knows the models of the suite, and one that keeps sums") {
  CHECK(model_type_names() ==
        "add10, echo, iris, mlflow_wine, onnx_gpt2, pytorch_cifar10, sentiment, stateful_sum, "
        "synth, tfmnist, "
        "tfresnet152, tfsimple, tfsimple_string");
}

TEST_CASE("a name with a prefix and a number makes a model of that type") {
  CHECK(type_of("iris") == "iris");
  CHECK(type_of("iris0") == "iris");
  CHECK(type_of("irisa7") == "iris");
  CHECK(type_of("tfsimplea799") == "tfsimple");
  CHECK(type_of("add100") == "add10");
}

TEST_CASE("the longest type that fits a name counts") {
  CHECK(type_of("tfsimple_string3") == "tfsimple_string");
  CHECK(type_of("tfsimple3") == "tfsimple");
}

TEST_CASE("a dash in a name stands for the underscore that Kubernetes does not allow") {
  CHECK(type_of("pytorch-cifar10a3") == "pytorch_cifar10");
  CHECK(type_of("mlflow-winea12") == "mlflow_wine");
  CHECK(type_of("tfsimple-string0") == "tfsimple_string");
}

TEST_CASE("a name that begins with no type is of none") {
  CHECK(type_of("alpha-model-1") == "none");
  CHECK(type_of("iri") == "none");
  CHECK(type_of("") == "none");
}

TEST_CASE("a type is found by exactly its name") {
  REQUIRE(find_model_type("mlflow_wine") != nullptr);
  CHECK(find_model_type("mlflow_wine")->inputs.size() == 11);
  CHECK(find_model_type("mlflow-wine") == nullptr);
  CHECK(find_model_type("iris0") == nullptr);
}

}  // namespace
}  // namespace perigee
