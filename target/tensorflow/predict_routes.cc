#include "target/tensorflow/predict_routes.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "target/bad_request.h"
#include "target/inference/sequence_refusal.h"
#include "target/inference_response.h"
#include "target/tensorflow/predict_request.h"
#include "target/tensorflow/predict_response.h"

namespace perigee {
namespace {

using OrderedJson = nlohmann::ordered_json;
using Entry = InferenceRepository::Entry;
using State = InferenceRepository::State;

std::string model_name(const TargetRequest& request) {
  return http::percent_decode(request.route().arguments[0]);
}

std::string_view state_name(State state) {
  if (state == State::kLoading) return "LOADING";
  return state == State::kReady ? "AVAILABLE" : "END";
}

OrderedJson statuses(const Entry& model) {
  const OrderedJson status{{"version", model.version},
                           {"state", state_name(model.state)},
                           {"status", {{"error_code", "OK"}, {"error_message", "OK"}}}};
  return {{"model_version_status", OrderedJson::array({status})}};
}

std::string_view type_name(Datatype datatype) {
  switch (datatype) {
    case Datatype::kBool:
      return "DT_BOOL";
    case Datatype::kInt8:
      return "DT_INT8";
    case Datatype::kInt16:
      return "DT_INT16";
    case Datatype::kInt32:
      return "DT_INT32";
    case Datatype::kInt64:
      return "DT_INT64";
    case Datatype::kUint8:
      return "DT_UINT8";
    case Datatype::kUint16:
      return "DT_UINT16";
    case Datatype::kUint32:
      return "DT_UINT32";
    case Datatype::kUint64:
      return "DT_UINT64";
    case Datatype::kFp16:
      return "DT_HALF";
    case Datatype::kBf16:
      return "DT_BFLOAT16";
    case Datatype::kFp32:
      return "DT_FLOAT";
    case Datatype::kFp64:
      return "DT_DOUBLE";
    case Datatype::kBytes:
      return "DT_STRING";
  }
  return "DT_INVALID";
}

OrderedJson describe(std::string_view name, Datatype datatype, const Shape& shape) {
  OrderedJson dimensions = OrderedJson::array();
  for (const int64_t size : shape)
    dimensions.push_back({{"size", std::to_string(size)}, {"name", ""}});
  return {{"dtype", type_name(datatype)},
          {"tensor_shape", {{"dim", std::move(dimensions)}, {"unknown_rank", false}}},
          {"name", name}};
}

OrderedJson signature(const ModelType& model) {
  OrderedJson inputs = OrderedJson::object();
  OrderedJson outputs = OrderedJson::object();
  for (const InputSpec& spec : model.inputs)
    inputs[std::string(spec.name)] = describe(spec.name, spec.datatypes.front(), spec.shape);
  for (const OutputSpec& spec : model.outputs)
    outputs[std::string(spec.name)] = describe(spec.name, spec.datatype, spec.shape);
  return {{"inputs", std::move(inputs)},
          {"outputs", std::move(outputs)},
          {"method_name", "tensorflow/serving/predict"}};
}

http::Reply metadata(const Entry& model) {
  const OrderedJson signatures{{"serving_default", signature(*model.type)}};
  const OrderedJson document{
      {"model_spec", {{"name", model.name}, {"signature_name", ""}, {"version", model.version}}},
      {"metadata", {{"signature_def", {{"signature_def", signatures}}}}}};
  return json_reply(200, document.dump());
}

http::Reply predict(const Entry& model, std::string_view body) {
  if (model.state == State::kLoading) {
    return error_reply(503, fmt::format("Model {} is not ready yet: it is loading", model.name));
  }
  const PredictRequest wanted = parse_predict_request(body, *model.type);
  const std::vector<Tensor> outputs =
      choose_outputs(model.type->predict(wanted.request.inputs), wanted.request, *model.type);
  return json_reply(200, wanted.by_row ? write_predictions(outputs) : write_outputs(outputs));
}

}  // namespace

bool PredictRoutes::has_status(const TargetRequest& request, Instant at) const {
  const RouteMatch& route = request.route();
  Entry model;
  return route.id == RouteId::kCompletionModel && route.arguments[1].empty() &&
         repository_.find(model_name(request), {}, at, model);
}

http::Reply PredictRoutes::reply(const TargetRequest& request, Instant at) const try {
  return answer(request, at);
} catch (const BadRequest& error) {
  return error_reply(refusal_status_code(error), error.what());
}

http::Reply PredictRoutes::answer(const TargetRequest& request, Instant at) const {
  const RouteId route = request.route().id;
  if (route == RouteId::kPredictConfig) return config(at);
  const std::string name = model_name(request);
  const std::string version = http::percent_decode(request.route().arguments[1]);
  Entry model;
  if (!repository_.find(name, version, at, model)) {
    const std::string which = version.empty() ? "" : " with version " + version;
    return error_reply(404, fmt::format("Model {}{} not found", name, which));
  }
  if (route == RouteId::kPredict) return predict(model, request.body);
  return route == RouteId::kPredictMetadata ? metadata(model)
                                            : json_reply(200, statuses(model).dump());
}

http::Reply PredictRoutes::config(Instant at) const {
  OrderedJson models = OrderedJson::object();
  for (const Entry& model : repository_.list(at))
    models[model.name] = statuses(model);
  return json_reply(200, models.dump());
}

}  // namespace perigee
