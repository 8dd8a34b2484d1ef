#include "target/tensorflow/predict_request.h"

#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/base64.h"
#include "target/bad_request.h"
#include "target/inference/model_inputs.h"
#include "target/input_tensor.h"
#include "target/reply/json_body.h"

namespace perigee {
namespace {

using nlohmann::json;

// Values by the names of the inputs.
using Named = std::map<std::string, json>;

constexpr size_t kDeepestNesting = 32;

bool is_binary(const json& value) {
  return value.is_object() && value.size() == 1 && value.contains("b64");
}

bool has_names(const json& value) {
  return value.is_object() && !is_binary(value);
}

const std::string& only_name(const ModelType& model, std::string& kept) {
  if (model.inputs.size() != 1) {
    throw BadRequest(fmt::format("model {} has {} inputs: give their values by name", model.name,
                                 model.inputs.size()));
  }
  return kept = model.inputs.front().name;
}

Named by_name(json& inputs, const ModelType& model) {
  Named named;
  std::string name;
  if (!has_names(inputs)) {
    named.emplace(only_name(model, name), std::move(inputs));
    return named;
  }
  for (auto& [key, value] : inputs.items())
    named.emplace(key, std::move(value));
  return named;
}

void add_row(json& row, Named& named, size_t position) {
  if (!has_names(row)) throw BadRequest(fmt::format("instance {} has no names", position));
  for (auto& [name, value] : row.items()) {
    json& rows = named.try_emplace(name, json::array()).first->second;
    if (rows.size() != position) {
      throw BadRequest(fmt::format("input \"{}\" is not in all instances", name));
    }
    rows.push_back(std::move(value));
  }
}

Named by_row(json& instances, const ModelType& model) {
  if (!instances.is_array() || instances.empty()) {
    throw BadRequest("\"instances\" is not a list of at least one");
  }
  if (!has_names(instances.front())) return by_name(instances, model);
  Named named;
  for (size_t i = 0; i < instances.size(); ++i)
    add_row(instances[i], named, i);
  for (const auto& [name, rows] : named) {
    if (rows.size() == instances.size()) continue;
    throw BadRequest(fmt::format("input \"{}\" is not in all instances", name));
  }
  return named;
}

// Puts texts in place of their Base64.
void decode_texts(json& value, const std::string& name) {
  if (value.is_array()) {
    for (json& item : value)
      decode_texts(item, name);
  } else if (value.is_object()) {
    const auto& text = is_binary(value) ? value["b64"] : value;
    auto bytes = text.is_string()
                     ? decode_base64(text.get_ref<const std::string&>(), Base64::kStandard)
                     : std::nullopt;
    if (!bytes) {
      throw BadRequest(fmt::format("input \"{}\": an object must be {{\"b64\": BASE64}}", name));
    }
    value = std::move(*bytes);
  }
}

bool has_objects(const json& value) {
  if (!value.is_array()) return value.is_object();
  for (const json& item : value) {
    if (has_objects(item)) return true;
  }
  return false;
}

// The sizes along the first elements.
Shape shape_of(const json& value, const std::string& name) {
  Shape shape;
  for (const json* part = &value; part->is_array(); part = &part->front()) {
    if (shape.size() == kDeepestNesting) {
      throw BadRequest(fmt::format("input \"{}\" is nested too deeply", name));
    }
    shape.push_back(static_cast<int64_t>(part->size()));
    if (part->empty()) break;
  }
  return shape;
}

bool has_shape(const json& value, const Shape& shape, size_t depth) {
  if (depth == shape.size()) return !value.is_array();
  if (!value.is_array() || static_cast<int64_t>(value.size()) != shape[depth]) return false;
  for (const json& item : value) {
    if (!has_shape(item, shape, depth + 1)) return false;
  }
  return true;
}

// What takes any values takes them as they look.
std::string_view looks_like(const json& value) {
  if (value.is_array()) return value.empty() ? "FP32" : looks_like(value.front());
  if (value.is_string() || value.is_object()) return "BYTES";
  if (value.is_boolean()) return "BOOL";
  return value.is_number_integer() ? "INT64" : "FP32";
}

std::string_view datatype_of(const std::string& name, const json& value, const ModelType& model) {
  if (model.any_inputs) return looks_like(value);
  for (const InputSpec& spec : model.inputs) {
    if (name == spec.name || name == spec.other_name) return datatype_name(spec.datatypes.front());
  }
  return looks_like(value);  // ModelInputs says that there is no such input
}

Tensor read_tensor(const std::string& name, json& value, const ModelType& model) {
  const std::string_view datatype = datatype_of(name, value, model);
  if (datatype == "BYTES") {
    decode_texts(value, name);
  } else if (has_objects(value)) {
    throw BadRequest(fmt::format("input \"{}\" takes {}, and no objects", name, datatype));
  }
  const Shape shape = shape_of(value, name);
  if (!has_shape(value, shape, 0)) {
    throw BadRequest(fmt::format("the lists of input \"{}\" are not all of one length", name));
  }
  json entry{{"name", name}, {"datatype", datatype}, {"shape", shape}};
  entry["data"] = value.is_array() ? std::move(value) : json::array({std::move(value)});
  BinaryData none;
  return read_input_tensor(entry, 1, false, none);
}

void check_signature(const json& document) {
  const auto signature = document.find("signature_name");
  if (signature == document.end() || *signature == "serving_default" || *signature == "") return;
  throw BadRequest("there is only the signature \"serving_default\"");
}

}  // namespace

PredictRequest parse_predict_request(std::string_view text, const ModelType& model) {
  json document = parse_json_body(text);
  if (!document.is_object()) throw BadRequest("the body is not a JSON object");
  check_signature(document);
  PredictRequest result;
  result.by_row = document.contains("instances");
  if (result.by_row == document.contains("inputs")) {
    throw BadRequest("the request must have \"instances\" or \"inputs\", and not both");
  }
  Named named =
      result.by_row ? by_row(document["instances"], model) : by_name(document["inputs"], model);
  ModelInputs inputs(model);
  for (auto& [name, value] : named)
    inputs.add(read_tensor(name, value, model));
  result.request.inputs = inputs.take();
  return result;
}

}  // namespace perigee
