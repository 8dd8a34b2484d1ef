#include "target/inference_request.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "target/bad_request.h"
#include "target/input_tensor.h"
#include "target/reply/json_body.h"

namespace perigee {
namespace {

using nlohmann::json;

json parse_object(std::string_view body) {
  json document = parse_json_body(body);
  if (!document.is_object()) throw BadRequest("the body is not a JSON object");
  return document;
}

const json& list_of(const json& document, const char* key) {
  const auto list = document.find(key);
  if (list == document.end()) throw BadRequest(fmt::format("the request has no \"{}\"", key));
  if (!list->is_array()) throw BadRequest(fmt::format("\"{}\" is not a list", key));
  return *list;
}

std::string read_id(const json& document) {
  const auto id = document.find("id");
  if (id == document.end() || id->is_null()) return {};
  if (!id->is_string()) throw BadRequest("\"id\" is not a string");
  return id->get<std::string>();
}

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

// The free dimensions of all inputs are the same: the batch, and whatever follows it.
void check_agreement(const std::vector<Tensor>& inputs, const ModelType& model) {
  for (size_t i = 1; i < inputs.size(); ++i) {
    if (model.inputs[i].shape != model.inputs[0].shape || inputs[i].shape == inputs[0].shape)
      continue;
    throw BadRequest(fmt::format(
        "input \"{}\" has the shape {} and input \"{}\" {}; they must agree", inputs[0].name,
        shape_text(inputs[0].shape), inputs[i].name, shape_text(inputs[i].shape)));
  }
}

std::vector<Tensor> read_any(const json& list) {
  std::vector<Tensor> inputs;
  for (const json& entry : list)
    inputs.push_back(read_input_tensor(entry, inputs.size() + 1, true));
  return inputs;
}

std::vector<Tensor> read_specified(const json& list, const ModelType& model) {
  std::vector<Tensor> inputs(model.inputs.size());
  std::vector<bool> given(model.inputs.size());
  size_t position = 0;
  for (const json& entry : list) {
    Tensor tensor = read_input_tensor(entry, ++position, false);
    const size_t at = position_of(tensor.name, model);
    if (given[at]) throw BadRequest(fmt::format("input \"{}\" is given twice", tensor.name));
    check_datatype(tensor, model.inputs[at]);
    check_shape(tensor, model.inputs[at]);
    given[at] = true;
    inputs[at] = std::move(tensor);
  }
  const auto missing =
      static_cast<size_t>(std::find(given.begin(), given.end(), false) - given.begin());
  if (missing != given.size()) {
    throw BadRequest(fmt::format("input \"{}\" is missing", model.inputs[missing].name));
  }
  check_agreement(inputs, model);
  return inputs;
}

std::string read_output(const json& entry, const ModelType& model) {
  const auto name = entry.is_object() ? entry.find("name") : entry.end();
  if (!entry.is_object() || name == entry.end() || !name->is_string()) {
    throw BadRequest("an entry of \"outputs\" has no \"name\"");
  }
  const auto& text = name->get_ref<const std::string&>();
  const auto is_it = [&](const OutputSpec& spec) { return spec.name == text; };
  if (model.any_inputs || std::any_of(model.outputs.begin(), model.outputs.end(), is_it))
    return text;
  throw BadRequest(fmt::format("model {} has no output \"{}\"", model.name, text));
}

}  // namespace

InferenceRequest parse_inference_request(std::string_view body, const ModelType& model) {
  const json document = parse_object(body);
  InferenceRequest request;
  request.id = read_id(document);
  const json& inputs = list_of(document, "inputs");
  if (inputs.empty()) throw BadRequest("\"inputs\" is empty");
  request.inputs = model.any_inputs ? read_any(inputs) : read_specified(inputs, model);
  const auto outputs = document.find("outputs");
  if (outputs != document.end() && !outputs->is_null()) {
    for (const json& entry : list_of(document, "outputs")) {
      request.outputs.push_back(read_output(entry, model));
    }
  }
  return request;
}

}  // namespace perigee
