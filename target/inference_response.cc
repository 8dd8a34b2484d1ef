#include "target/inference_response.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "target/inference/raw_values.h"
#include "target/reply/json_value.h"

namespace perigee {
namespace {

template <typename List, typename Write>
void write_list(std::string& out, const List& list, Write write) {
  out += '[';
  bool first = true;
  for (const auto& value : list) {
    if (!first) out += ',';
    first = false;
    write(value);
  }
  out += ']';
}

std::string_view content_type(const Tensor& tensor) {
  return tensor.datatype == Datatype::kBytes ? "str" : "np";
}

void write_data(std::string& out, const Tensor& tensor) {
  fmt::format_to(std::back_inserter(out), R"({{"content_type":"{}"}},"data":)",
                 content_type(tensor));
  const auto write = [&](const auto& value) { write_json_value(out, tensor.datatype, value); };
  std::visit([&](const auto& values) { write_list(out, values, write); }, tensor.values);
}

void write_output(std::string& out, const Tensor& tensor, bool binary) {
  out += R"({"name":)";
  write_json_text(out, tensor.name);
  out += R"(,"shape":)";
  write_list(out, tensor.shape, [&](int64_t size) { out += fmt::format_int(size).c_str(); });
  fmt::format_to(std::back_inserter(out), R"(,"datatype":"{}","parameters":)",
                 datatype_name(tensor.datatype));
  if (binary) {
    fmt::format_to(std::back_inserter(out), R"({{"binary_data_size":{}}})", raw_size(tensor));
  } else {
    write_data(out, tensor);
  }
  out += '}';
}

}  // namespace

ResponseBody write_inference_response(const InferenceResponse& response,
                                      const InferenceRequest& request) {
  ResponseBody body;
  std::string& out = body.bytes;
  out = R"({"model_name":)";
  write_json_text(out, response.model_name);
  out += R"(,"model_version":)";
  write_json_text(out, response.model_version);
  out += R"(,"id":)";
  write_json_text(out, response.id);
  out += R"(,"parameters":{},"outputs":)";
  write_list(out, response.outputs, [&](const Tensor& tensor) {
    const bool binary = request.wants_binary(tensor.name);
    body.has_binary = body.has_binary || binary;
    write_output(out, tensor, binary);
  });
  out += '}';
  body.json_size = out.size();
  for (const Tensor& tensor : response.outputs) {
    if (request.wants_binary(tensor.name)) append_raw_values(out, tensor);
  }
  return body;
}

std::vector<Tensor> choose_outputs(std::vector<Tensor> computed, const InferenceRequest& request,
                                   const ModelType& model) {
  if (request.outputs.empty() && model.any_inputs) return computed;
  std::vector<Tensor> chosen;
  const auto find = [&](std::string_view name) {
    return std::find_if(computed.begin(), computed.end(),
                        [&](const Tensor& tensor) { return tensor.name == name; });
  };
  for (const std::string& name : request.outputs) {  // one may be named twice
    const auto found = find(name);
    if (found != computed.end()) chosen.push_back(*found);
  }
  if (!request.outputs.empty()) return chosen;
  for (const OutputSpec& spec : model.outputs) {
    const auto found = find(spec.name);
    if (!spec.on_request && found != computed.end()) chosen.push_back(std::move(*found));
  }
  return chosen;
}

}  // namespace perigee
