#include "target/scheduler/model_artifact.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

std::string_view type_of(std::string uri, std::string name = "model-1", std::string type = {}) {
  ModelRequest request;
  request.name = std::move(name);
  request.uri = std::move(uri);
  request.model_type = std::move(type);
  return find_artifact(request).type->name;
}

TEST_CASE("a model is of the type whose files it is loaded from") {
  CHECK(type_of("gs://seldon-models/testing/iris7") == "iris");
  CHECK(type_of("gs://seldon-models/triton/simple") == "tfsimple");
  CHECK(type_of("gs://seldon-models/triton/tf_simple_string") == "tfsimple_string");
  CHECK(type_of("gs://seldon-models/triton/add10") == "add10");
  CHECK(type_of("gs://seldon-models/mlserver/huggingface/sentiment") == "sentiment");
  CHECK(type_of("gs://seldon-models/triton/pytorch_cifar10/cifar10") == "pytorch_cifar10");
  CHECK(type_of("gs://seldon-models/triton/tf_mnist") == "tfmnist");
  CHECK(type_of("gs://seldon-models/triton/tf_resnet152") == "tfresnet152");
  CHECK(type_of("gs://seldon-models/triton/onnx_gpt2/gpt2") == "onnx_gpt2");
  CHECK(type_of("gs://seldon-models/mlflow/elasticnet_wine_model_mlserver_1_1") == "mlflow_wine");
  CHECK(type_of("gs://seldon-models/integration-tests/models/mlserver/echo") == "echo");
  CHECK(type_of("gs://seldon-models/integration-tests/models/mlserver/reference-workload-model") ==
        "synth");
}

TEST_CASE("else its name says the type, or it is an echo, and a parameter beats both") {
  CHECK(type_of("gs://mine/x", "tfsimple3") == "tfsimple");
  CHECK(type_of("gs://mine/x", "mine") == "echo");
  CHECK(type_of("gs://seldon-models/testing/iris7", "tfsimple3", "add10") == "add10");
}

TEST_CASE("a type that there is not is why a model can't be loaded") {
  ModelRequest request;
  request.model_type = "irsi";
  const ModelArtifact artifact = find_artifact(request);
  CHECK(artifact.type == nullptr);
  CHECK(artifact.failure.find("there is no model type \"irsi\"") == 0);
}

}  // namespace
}  // namespace perigee
