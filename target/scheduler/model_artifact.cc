#include "target/scheduler/model_artifact.h"

#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace perigee {
namespace {

// Parts of the addresses of the models that Seldon's examples and tests load; the first one that an
// address has wins.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kAddresses{{
    {"tf_simple_string", "tfsimple_string"},
    {"triton/simple", "tfsimple"},
    {"add10", "add10"},
    {"sentiment", "sentiment"},
    {"cifar10", "pytorch_cifar10"},
    {"mnist", "tfmnist"},
    {"resnet152", "tfresnet152"},
    {"gpt2", "onnx_gpt2"},
    {"wine", "mlflow_wine"},
    {"reference-workload-model", "synth"},
    {"mlserver/echo", "echo"},
    {"iris", "iris"},
}};

const ModelType* type_at(std::string_view uri) {
  for (const auto& [part, type] : kAddresses) {
    if (uri.find(part) != std::string_view::npos) return find_model_type(type);
  }
  return nullptr;
}

}  // namespace

ModelArtifact find_artifact(const ModelRequest& request) {
  if (request.name.starts_with("fail-")) {
    return {.type = nullptr,
            .failure = fmt::format("rclone copy failed: there is nothing at {} (models called "
                                   "fail-... can't be loaded)",
                                   request.uri.empty() ? "\"\"" : request.uri)};
  }
  if (!request.model_type.empty()) {
    const ModelType* type = find_model_type(request.model_type);
    return {.type = type, .failure = type ? "" : unknown_model_type(request.model_type)};
  }
  if (const ModelType* type = type_at(request.uri)) return {.type = type, .failure = {}};
  if (const ModelType* type = model_type_by_prefix(request.name)) {
    return {.type = type, .failure = {}};
  }
  return {.type = find_model_type("echo"), .failure = {}};
}

}  // namespace perigee
