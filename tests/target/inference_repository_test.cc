#include "target/inference_repository.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

using namespace std::chrono_literals;
using State = InferenceRepository::State;

constexpr Instant kStart{100s};

// The type that serves a name, with "~" in front while it loads; "none" if there is none.
std::string served(const InferenceRepository& repository, std::string_view name,
                   Instant at = kStart, std::string_view version = {}) {
  InferenceRepository::Entry found;
  if (!repository.find(name, version, at, found)) return "none";
  return (found.state == State::kLoading ? "~" : "") + std::string(found.type->name);
}

TEST_CASE("a model that was never loaded is not served") {
  const InferenceRepository repository(0s);
  CHECK(served(repository, "iris") == "none");
}

TEST_CASE("a model is served from when it is loaded until it is unloaded") {
  InferenceRepository repository(0s);
  CHECK(repository.load("irisa7", "", kStart).error == "");
  CHECK(served(repository, "irisa7") == "iris");
  CHECK(served(repository, "irisa8") == "none");
  CHECK(repository.unload("irisa7"));
  CHECK(served(repository, "irisa7") == "none");
  CHECK_FALSE(repository.unload("irisa7"));
}

TEST_CASE("a model that takes its time to load is ready exactly when the time is over") {
  InferenceRepository repository(250ms);
  CHECK(repository.load("iris", "", kStart).ready_at == kStart + 250ms);
  CHECK(served(repository, "iris", kStart) == "~iris");
  CHECK(served(repository, "iris", kStart + 249ms) == "~iris");
  CHECK_FALSE(repository.all_ready(kStart + 249ms));
  CHECK(served(repository, "iris", kStart + 250ms) == "iris");
  CHECK(repository.all_ready(kStart + 250ms));
}

TEST_CASE("a model that is loaded again while it loads is not delayed further") {
  InferenceRepository repository(250ms);
  repository.load("iris", "", kStart);
  CHECK(repository.load("iris", "", kStart + 100ms).ready_at == kStart + 250ms);
}

TEST_CASE("a ready model stays ready while it is loaded again") {
  InferenceRepository repository(250ms);
  repository.load("iris", "", kStart);
  CHECK(repository.load("iris", "", kStart + 1s).ready_at == kStart + 1250ms);
  CHECK(served(repository, "iris", kStart + 1s) == "iris");
}

TEST_CASE("a type given outright beats the name") {
  InferenceRepository repository(0s);
  CHECK(repository.load("alpha-model-1", "echo", kStart).error == "");
  CHECK(served(repository, "alpha-model-1") == "echo");
  repository.load("iris", "tfsimple", kStart);
  CHECK(served(repository, "iris") == "tfsimple");
}

TEST_CASE("what can't be loaded is refused with the types there are") {
  InferenceRepository repository(0s);
  CHECK(repository.load("alpha", "", kStart).error ==
        "Model alpha not found: the name begins with no model type, and \"parameters\" has no "
        "\"model_type\"; the types are add10, echo, iris, mlflow_wine, onnx_gpt2, pytorch_cifar10, "
        "sentiment, stateful_sum, synth, tfmnist, tfresnet152, tfsimple, tfsimple_string");
  CHECK(
      repository.load("alpha", "irsi", kStart).error ==
      "there is no model type \"irsi\" (did you mean \"iris\"?); the types are add10, echo, iris, "
      "mlflow_wine, onnx_gpt2, pytorch_cifar10, sentiment, stateful_sum, synth, tfmnist, "
      "tfresnet152, tfsimple, "
      "tfsimple_string");
  CHECK(served(repository, "alpha") == "none");
}

TEST_CASE("a number after an underscore is a version") {
  CHECK(parse_model_name("iris_2").base == "iris");
  CHECK(parse_model_name("iris_2").version == "2");
  CHECK(parse_model_name("tfsimple_string").base == "tfsimple_string");
  CHECK(parse_model_name("tfsimple_string").version == "");
  CHECK(parse_model_name("pytorch_cifar10").base == "pytorch_cifar10");
  CHECK(parse_model_name("_1").base == "_1");
  CHECK(parse_model_name("iris_").base == "iris_");
}

TEST_CASE("a model is served under its name and under its version") {
  InferenceRepository repository(0s);
  repository.load("iris0", "", kStart);
  CHECK(served(repository, "iris0") == "iris");
  CHECK(served(repository, "iris0_1") == "iris");
  CHECK(served(repository, "iris0_0") == "iris");
  CHECK(served(repository, "iris0_2") == "none");
  CHECK(served(repository, "iris0", kStart, "1") == "iris");
  CHECK(served(repository, "iris0", kStart, "2") == "none");
}

TEST_CASE("loading another version replaces the one before") {
  InferenceRepository repository(0s);
  repository.load("iris", "", kStart);
  repository.load("iris_2", "", kStart);
  CHECK(served(repository, "iris_2") == "iris");
  CHECK(served(repository, "iris_1") == "none");
  CHECK_FALSE(repository.unload("iris_1"));
  CHECK(repository.unload("iris_2"));
}

TEST_CASE("the index lists what is loaded, and the types that are not") {
  InferenceRepository repository(1s);
  repository.add(*find_model_type("iris"));
  repository.load("irisa7", "", kStart);
  std::string index;
  for (const auto& entry : repository.list(kStart)) {
    constexpr std::array<std::string_view, 3> kStates{"ready", "loading", "unloaded"};
    index += entry.name + " " + std::string(kStates[static_cast<size_t>(entry.state)]) + "\n";
  }
  CHECK(index ==
        "add10 unloaded\necho unloaded\niris ready\nirisa7 loading\nmlflow_wine unloaded\n"
        "onnx_gpt2 unloaded\npytorch_cifar10 unloaded\nsentiment unloaded\nstateful_sum "
        "unloaded\nsynth unloaded\n"
        "tfmnist unloaded\ntfresnet152 unloaded\ntfsimple unloaded\ntfsimple_string unloaded\n");
}

}  // namespace
}  // namespace perigee
