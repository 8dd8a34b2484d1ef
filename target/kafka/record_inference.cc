#include "target/kafka/record_inference.h"

#include <stdexcept>

#include <fmt/format.h>

namespace perigee {
namespace {

using Entry = InferenceRepository::Entry;

Entry find_model(const InferenceRepository& repository, const std::string& routed, Instant at) {
  Entry model;
  if (!repository.find(routed, {}, at, model)) {
    throw std::runtime_error(fmt::format("{} is not loaded", routed));
  }
  if (model.state == InferenceRepository::State::kLoading) {
    throw std::runtime_error(fmt::format("{} is not ready yet: it is loading", routed));
  }
  return model;
}

std::vector<Tensor> predict(const Entry& model, const InferenceRequest& request) {
  return choose_outputs(model.type->predict(request.inputs), request, *model.type);
}

}  // namespace

ValueForm value_form(std::string_view infer_type, std::string_view value) {
  if (infer_type.starts_with("json")) return ValueForm::kJson;
  if (infer_type.starts_with("proto")) return ValueForm::kProtobuf;
  const size_t first = value.find_first_not_of(" \t\r\n");
  const bool object = first != std::string_view::npos && value[first] == '{';
  return object ? ValueForm::kJson : ValueForm::kProtobuf;
}

std::string RecordInference::infer(const Request& request, Instant at) {
  const Entry model = find_model(repository_, request.routed, at);
  return request.form == ValueForm::kJson ? infer_json(model, request)
                                          : infer_message(model, request);
}

std::string RecordInference::infer_json(const Entry& model, const Request& request) const {
  const InferenceRequest inference = parse_inference_request(request.value, *model.type);
  if (inference.binary_output || !inference.binary_outputs.empty()) {
    throw std::runtime_error("outputs in binary go over HTTP only: leave binary_data away");
  }
  const std::vector<Tensor> outputs = predict(model, inference);
  const std::string_view id = inference.id.empty() ? request.id : inference.id;
  return write_inference_response({model.name, model.version, id, outputs}, inference).bytes;
}

std::string RecordInference::infer_message(const Entry& model, const Request& request) {
  message_.read(request.value);
  const InferenceRequest inference = message_.tensors(*model.type);
  const std::vector<Tensor> outputs = predict(model, inference);
  const std::string_view id = inference.id.empty() ? request.id : inference.id;
  std::string response;
  write_infer_response(response, {model.name, model.version, id, outputs}, message_.raw());
  return response;
}

}  // namespace perigee
