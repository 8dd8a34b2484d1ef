#include "target/inference_request.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "target/bad_request.h"
#include "target/inference/model_inputs.h"
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

std::vector<Tensor> read_inputs(const json& list, const ModelType& model, BinaryData& binary) {
  ModelInputs inputs(model);
  size_t position = 0;
  for (const json& entry : list)
    inputs.add(read_input_tensor(entry, ++position, model.any_inputs, binary));
  if (binary.left() != 0) {
    throw BadRequest(fmt::format(
        "behind its JSON the body has {} bytes more than the inputs' \"binary_data_size\" take",
        binary.left()));
  }
  return inputs.take();
}

// A parameter of the request or of one of its outputs that is true or false, or left out.
bool read_flag(const json& entry, const char* name, bool otherwise) {
  const auto parameters = entry.find("parameters");
  if (parameters == entry.end() || !parameters->is_object()) return otherwise;
  const auto flag = parameters->find(name);
  if (flag == parameters->end()) return otherwise;
  if (!flag->is_boolean()) {
    throw BadRequest(fmt::format("the parameter \"{}\" is not true or false", name));
  }
  return flag->get<bool>();
}

std::string read_output(const json& entry, const ModelType& model) {
  const auto name = entry.is_object() ? entry.find("name") : entry.end();
  if (!entry.is_object() || name == entry.end() || !name->is_string()) {
    throw BadRequest("an entry of \"outputs\" has no \"name\"");
  }
  const auto& text = name->get_ref<const std::string&>();
  check_output(text, model);
  return text;
}

void read_outputs(const json& document, const ModelType& model, InferenceRequest& request) {
  request.binary_output = read_flag(document, "binary_data_output", false);
  const auto outputs = document.find("outputs");
  if (outputs == document.end() || outputs->is_null()) return;
  for (const json& entry : list_of(document, "outputs")) {
    request.outputs.push_back(read_output(entry, model));
    if (read_flag(entry, "binary_data", request.binary_output)) {
      request.binary_outputs.push_back(request.outputs.back());
    }
  }
}

}  // namespace

bool InferenceRequest::wants_binary(std::string_view output) const {
  if (outputs.empty()) return binary_output;
  return std::find(binary_outputs.begin(), binary_outputs.end(), output) != binary_outputs.end();
}

InferenceRequest parse_inference_request(std::string_view text, const ModelType& model,
                                         BinaryData binary) {
  const json document = parse_object(text);
  InferenceRequest request;
  request.id = read_id(document);
  const json& inputs = list_of(document, "inputs");
  if (inputs.empty()) throw BadRequest("\"inputs\" is empty");
  request.inputs = read_inputs(inputs, model, binary);
  read_outputs(document, model, request);
  return request;
}

}  // namespace perigee
