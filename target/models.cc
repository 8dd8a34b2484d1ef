#include "target/models.h"

#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>

#include "engine/base/suggest.h"
#include "target/inference/sequence_sums.h"
#include "target/predictors.h"

namespace perigee {
namespace {

using enum Datatype;

InputSpec wine_column(std::string_view name) {
  return {.name = name, .other_name = {}, .datatypes = {kFp32, kFp64}, .shape = {-1}};
}

std::vector<InputSpec> wine_columns() {
  constexpr std::array<std::string_view, 11> kColumns{"fixed acidity",
                                                      "volatile acidity",
                                                      "citric acidity",
                                                      "residual sugar",
                                                      "chlorides",
                                                      "free sulfur dioxide",
                                                      "total sulfur dioxide",
                                                      "density",
                                                      "pH",
                                                      "sulphates",
                                                      "alcohol"};
  std::vector<InputSpec> inputs;
  inputs.reserve(kColumns.size());
  for (const std::string_view name : kColumns)
    inputs.push_back(wine_column(name));
  return inputs;
}

InputSpec input(std::string_view name, Datatype datatype, Shape shape) {
  return {.name = name, .other_name = {}, .datatypes = {datatype}, .shape = std::move(shape)};
}

Predict begin_sums() {
  return [sums = std::make_shared<SequenceSums>()](std::span<const Tensor> inputs) {
    return sums->predict(inputs);
  };
}

std::vector<ModelType> small_models() {
  return {
      {.name = "add10",
       .inputs = {input("INPUT", kFp32, {4})},
       .outputs = {{"OUTPUT", kFp32, {4}}},
       .predict = predict_add10},
      {.name = "echo",
       .inputs = {input("predict", kBytes, {-1})},
       .outputs = {{"predict", kBytes, {-1}}},
       .predict = predict_echo,
       .any_inputs = true},
      {.name = "iris",
       .inputs = {{.name = "predict",
                   .other_name = "input",
                   .datatypes = {kFp32, kFp64, kInt32, kInt64},
                   .shape = {-1, 4}}},
       .outputs = {{"predict", kInt64, {-1, 1}}, {"predict_proba", kFp64, {-1, 3}, true}},
       .predict = predict_iris},
      {.name = "mlflow_wine",
       .inputs = wine_columns(),
       .outputs = {{"output-1", kFp64, {-1, 1}}},
       .predict = predict_wine},
      {.name = "sentiment",
       .inputs = {input("args", kBytes, {-1})},
       .outputs = {{"output", kBytes, {-1, 1}}},
       .predict = predict_sentiment},
      {.name = "stateful_sum",
       .inputs = {input("input", kFp32, {-1, 4}), input("sequence_id", kUint64, {1}),
                  input("sequence_control_input", kUint32, {1})},
       .outputs = {{"sum", kFp32, {-1, 4}}, {"sequence_id", kUint64, {1}}},
       .predict = {},
       .begin = begin_sums},
      {.name = "synth",
       .inputs = {input("input_1", kBytes, {-1})},
       .outputs = {{"OUTPUT0", kBytes, {-1}}},
       .predict = predict_synth,
       .any_inputs = true},
      {.name = "tfsimple",
       .inputs = {input("INPUT0", kInt32, {-1, 16}), input("INPUT1", kInt32, {-1, 16})},
       .outputs = {{"OUTPUT0", kInt32, {-1, 16}}, {"OUTPUT1", kInt32, {-1, 16}}},
       .predict = predict_simple},
      {.name = "tfsimple_string",
       .inputs = {input("INPUT0", kBytes, {-1, 16}), input("INPUT1", kBytes, {-1, 16})},
       .outputs = {{"OUTPUT0", kBytes, {-1, 16}}, {"OUTPUT1", kBytes, {-1, 16}}},
       .predict = predict_simple_string},
  };
}

std::vector<ModelType> large_models() {
  return {
      {.name = "onnx_gpt2",
       .inputs = {input("input_ids", kInt32, {-1, -1}), input("attention_mask", kInt32, {-1, -1})},
       .outputs = {{"logits", kFp32, {-1, -1, kGpt2Vocabulary}}},
       .predict = predict_gpt2},
      {.name = "pytorch_cifar10",
       .inputs = {input("input__0", kFp32, {-1, 3, 32, 32})},
       .outputs = {{"output__0", kFp32, {-1, 10}}},
       .predict = predict_cifar10},
      {.name = "tfmnist",
       .inputs = {input("conv2d_input", kFp32, {-1, 28, 28, 1})},
       .outputs = {{"dense_1", kFp32, {-1, 10}}},
       .predict = predict_mnist},
      {.name = "tfresnet152",
       .inputs = {input("input_1", kFp32, {-1, 224, 224, 3})},
       .outputs = {{"predictions", kFp32, {-1, 1000}}},
       .predict = predict_resnet},
  };
}

std::vector<ModelType> all_models() {
  std::vector<ModelType> all = small_models();
  for (ModelType& model : large_models())
    all.push_back(std::move(model));
  std::sort(all.begin(), all.end(),
            [](const ModelType& a, const ModelType& b) { return a.name < b.name; });
  return all;
}

std::vector<std::string_view> names() {
  std::vector<std::string_view> result;
  result.reserve(model_types().size());
  for (const ModelType& type : model_types())
    result.push_back(type.name);
  return result;
}

}  // namespace

std::span<const ModelType> model_types() {
  static const std::vector<ModelType> kTypes = all_models();
  return kTypes;
}

const ModelType* find_model_type(std::string_view name) {
  for (const ModelType& type : model_types()) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

const ModelType* model_type_by_prefix(std::string_view name) {
  std::string spelt(name);
  std::replace(spelt.begin(), spelt.end(), '-', '_');
  const ModelType* longest = nullptr;
  for (const ModelType& type : model_types()) {
    if (!spelt.starts_with(type.name)) continue;
    if (longest == nullptr || type.name.size() > longest->name.size()) longest = &type;
  }
  return longest;
}

std::string model_type_names() {
  return fmt::format("{}", fmt::join(names(), ", "));
}

std::string unknown_model_type(std::string_view name) {
  return fmt::format("there is no model type \"{}\"{}; the types are {}", name,
                     did_you_mean(name, names()), model_type_names());
}

}  // namespace perigee
