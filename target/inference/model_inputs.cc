#include "target/inference/model_inputs.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "engine/http/header_fields.h"
#include "target/bad_request.h"
#include "target/input_tensor.h"

namespace perigee {
namespace {

std::string input_names(const ModelType& model) {
  std::vector<std::string_view> names;
  names.reserve(model.inputs.size());
  for (const InputSpec& spec : model.inputs)
    names.push_back(spec.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

size_t position_of(const std::string& name, const ModelType& model) {
  for (size_t i = 0; i < model.inputs.size(); ++i) {
    const InputSpec& spec = model.inputs[i];
    if (spec.name == name || (!spec.other_name.empty() && spec.other_name == name)) return i;
  }
  throw BadRequest(fmt::format("model {} has no input \"{}\"; it takes {}", model.name, name,
                               input_names(model)));
}

void check_datatype(const Tensor& tensor, const InputSpec& spec) {
  const auto& allowed = spec.datatypes;
  if (std::find(allowed.begin(), allowed.end(), tensor.datatype) != allowed.end()) return;
  std::vector<std::string_view> names;
  names.reserve(allowed.size());
  for (const Datatype datatype : allowed)
    names.push_back(datatype_name(datatype));
  throw BadRequest(fmt::format("input \"{}\" is {}; the model takes {}", tensor.name,
                               datatype_name(tensor.datatype), fmt::join(names, " or ")));
}

void check_shape(const Tensor& tensor, const InputSpec& spec) {
  const auto fits = [](int64_t size, int64_t wanted) {
    return wanted == -1 ? size > 0 : size == wanted;
  };
  if (tensor.shape.size() == spec.shape.size() &&
      std::equal(tensor.shape.begin(), tensor.shape.end(), spec.shape.begin(), fits)) {
    return;
  }
  throw BadRequest(fmt::format("input \"{}\" has the shape {}; the model takes {}", tensor.name,
                               shape_text(tensor.shape), shape_text(spec.shape)));
}

}  // namespace

ModelInputs::ModelInputs(const ModelType& model) : model_(model) {
  if (model.any_inputs) return;
  inputs_.resize(model.inputs.size());
  given_.resize(model.inputs.size());
}

void ModelInputs::add(Tensor tensor) {
  if (model_.any_inputs) {
    inputs_.push_back(std::move(tensor));
    return;
  }
  const size_t at = position_of(tensor.name, model_);
  if (given_[at]) throw BadRequest(fmt::format("input \"{}\" is given twice", tensor.name));
  check_datatype(tensor, model_.inputs[at]);
  check_shape(tensor, model_.inputs[at]);
  given_[at] = true;
  inputs_[at] = std::move(tensor);
}

std::vector<Tensor> ModelInputs::take() {
  const auto missing =
      static_cast<size_t>(std::find(given_.begin(), given_.end(), false) - given_.begin());
  if (missing != given_.size()) {
    throw BadRequest(fmt::format("input \"{}\" is missing", model_.inputs[missing].name));
  }
  if (!model_.any_inputs) check_agreement();
  return std::move(inputs_);
}

// The free dimensions of all inputs are the same: the batch, and whatever follows it.
void ModelInputs::check_agreement() const {
  for (size_t i = 1; i < inputs_.size(); ++i) {
    if (model_.inputs[i].shape != model_.inputs[0].shape || inputs_[i].shape == inputs_[0].shape)
      continue;
    throw BadRequest(fmt::format(
        "input \"{}\" has the shape {} and input \"{}\" {}; they must agree", inputs_[0].name,
        shape_text(inputs_[0].shape), inputs_[i].name, shape_text(inputs_[i].shape)));
  }
}

void check_output(std::string_view name, const ModelType& model) {
  const auto is_it = [&](const OutputSpec& spec) { return spec.name == name; };
  if (model.any_inputs || std::any_of(model.outputs.begin(), model.outputs.end(), is_it)) return;
  throw BadRequest(fmt::format("model {} has no output \"{}\"", model.name, name));
}

std::string_view routed_model(std::string_view fields) {
  for (const char* header : {"seldon-internal-model", "seldon-model"}) {
    const auto name = http::find_field(fields, header);
    if (name && !name->empty()) return *name;
  }
  return {};
}

}  // namespace perigee
