#include "target/inference_routes.h"

#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "target/bad_request.h"
#include "target/inference/binary_data.h"
#include "target/inference/model_inputs.h"
#include "target/inference/raw_request.h"
#include "target/inference/sequence_refusal.h"
#include "target/inference_response.h"
#include "target/reply/json_body.h"

namespace perigee {
namespace {

using nlohmann::json;
using OrderedJson = nlohmann::ordered_json;
using Entry = InferenceRepository::Entry;
using State = InferenceRepository::State;

// The model a request is for: a header that names it beats the path.
std::string model_name(const TargetRequest& request) {
  const std::string_view routed = routed_model(request.fields());
  return routed.empty() ? http::percent_decode(request.route().arguments[0]) : std::string(routed);
}

http::Reply not_found(const std::string& name, std::string_view version) {
  const std::string what = version.empty() ? fmt::format("Model {}", name)
                                           : fmt::format("Model {} with version {}", name, version);
  if (model_type_by_prefix(name) == nullptr) {
    return error_reply(404, fmt::format("{} not found: no model of this name is loaded", what));
  }
  return error_reply(
      404,
      fmt::format("{0} not found: it is not loaded (POST /v2/repository/models/{1}/load loads it)",
                  what, name));
}

http::Reply not_ready(const std::string& name) {
  return error_reply(400, fmt::format("Model {} is not ready yet: it is loading", name));
}

// The model of a request, or the reply that says why there is none.
std::optional<http::Reply> find(const InferenceRepository& repository, const TargetRequest& request,
                                Instant at, Entry& found) {
  const std::string name = model_name(request);
  const std::string version = http::percent_decode(request.route().arguments[1]);
  if (repository.find(name, version, at, found)) return std::nullopt;
  return not_found(name, version);
}

// The protocol's metadata has room for one datatype; where several are taken, a parameter lists
// them.
OrderedJson describe_input(const InputSpec& spec, const ModelType& type) {
  OrderedJson description{
      {"name", spec.name}, {"datatype", datatype_name(spec.datatypes[0])}, {"shape", spec.shape}};
  OrderedJson names = OrderedJson::array();
  for (const Datatype datatype : spec.datatypes)
    names.push_back(datatype_name(datatype));
  if (type.any_inputs) names = datatype_names();
  if (names.size() > 1) description["parameters"] = {{"datatypes", std::move(names)}};
  return description;
}

// What takes any datatype gives it back.
OrderedJson describe_output(const OutputSpec& spec, const ModelType& type) {
  OrderedJson description{
      {"name", spec.name}, {"datatype", datatype_name(spec.datatype)}, {"shape", spec.shape}};
  if (type.any_inputs) description["parameters"] = {{"datatypes", datatype_names()}};
  return description;
}

OrderedJson describe(const Entry& entry) {
  OrderedJson inputs = OrderedJson::array();
  OrderedJson outputs = OrderedJson::array();
  for (const InputSpec& spec : entry.type->inputs)
    inputs.push_back(describe_input(spec, *entry.type));
  for (const OutputSpec& spec : entry.type->outputs)
    outputs.push_back(describe_output(spec, *entry.type));
  return {{"name", entry.name},
          {"versions", {entry.version}},
          {"platform", fmt::format("perigee_{}", entry.type->name)},
          {"inputs", std::move(inputs)},
          {"outputs", std::move(outputs)},
          {"parameters", OrderedJson::object()}};
}

std::string_view reason(State state) {
  if (state == State::kLoading) return "it is loading";
  return state == State::kUnloaded ? "it is not loaded" : "";
}

// The object in a body that may be left out. Throws BadRequest.
json optional_object(std::string_view body) {
  if (body.empty()) return json::object();
  json document = parse_json_body(body);
  if (!document.is_object()) throw BadRequest("the body is not a JSON object");
  return document;
}

// The type that a model to load should have: a header says it, or the body, or neither.
std::string model_type_of(const TargetRequest& request) {
  const json document = optional_object(request.body);
  const std::string_view header = request.field("perigee-model-type");
  if (!header.empty()) return std::string(header);
  const auto parameters = document.find("parameters");
  if (parameters == document.end() || !parameters->is_object()) return {};
  const auto type = parameters->find("model_type");
  if (type == parameters->end()) return {};
  if (!type->is_string()) throw BadRequest("\"model_type\" is not a string");
  return type->get<std::string>();
}

http::Reply server_metadata() {
  return json_reply(200, R"({"name":"perigee","version":")" PERIGEE_VERSION
                         R"(","extensions":["binary_tensor_data","model_repository"]})");
}

// Where the JSON ends is said only where something may stand behind it, as Triton does.
http::Reply inference_reply(ResponseBody body) {
  http::Reply reply = json_reply(200, std::move(body.bytes));
  if (!body.has_binary) return reply;
  reply.content_type = "application/octet-stream";
  reply.fields = fmt::format("{}: {}\r\n", kJsonLengthField, body.json_size);
  return reply;
}

}  // namespace

InferenceRoutes::InferenceRoutes(InferenceRepository& repository, uint64_t seed)
    : repository_(repository), random_(seed) {}

http::Reply InferenceRoutes::reply(const TargetRequest& request, Instant at) try {
  switch (request.route().id) {
    case RouteId::kServerMetadata:
      return server_metadata();
    case RouteId::kLive:
      return {};
    case RouteId::kHealth:
      return json_reply(200, R"({"status":"ok"})");
    case RouteId::kReady:
      return repository_.all_ready(at) ? http::Reply{}
                                       : error_reply(400, "a model is still loading");
    case RouteId::kModelMetadata:
      return model_metadata(request, at);
    case RouteId::kModelReady:
      return model_ready(request, at);
    case RouteId::kIndex:
      return index(request, at);
    case RouteId::kLoad:
      return load(request, at);
    case RouteId::kUnload:
      return unload(request);
    default:
      return infer(request, at);
  }
} catch (const BadRequest& error) {
  return error_reply(refusal_status_code(error), error.what());
}

http::Reply InferenceRoutes::infer(const TargetRequest& request, Instant at) {
  Entry model;
  if (auto refusal = find(repository_, request, at, model)) return *std::move(refusal);
  if (model.state == State::kLoading) return not_ready(model.name);
  const RequestParts parts = split_body(request);
  return run(model, parts.is_raw()
                        ? read_raw_request(request.body, *model.type)
                        : parse_inference_request(parts.json, *model.type, parts.binary));
}

http::Reply InferenceRoutes::run(const Entry& model, InferenceRequest request) {
  if (request.id.empty()) request.id = new_id();
  const std::vector<Tensor> outputs =
      choose_outputs(model.type->predict(request.inputs), request, *model.type);
  return inference_reply(
      write_inference_response({model.name, model.version, request.id, outputs}, request));
}

http::Reply InferenceRoutes::model_ready(const TargetRequest& request, Instant at) const {
  Entry model;
  if (auto refusal = find(repository_, request, at, model)) return *std::move(refusal);
  return model.state == State::kReady ? http::Reply{} : not_ready(model.name);
}

http::Reply InferenceRoutes::model_metadata(const TargetRequest& request, Instant at) const {
  Entry model;
  if (auto refusal = find(repository_, request, at, model)) return *std::move(refusal);
  return json_reply(200, describe(model).dump());
}

http::Reply InferenceRoutes::index(const TargetRequest& request, Instant at) const {
  const json wanted = optional_object(request.body);
  const auto ready = wanted.find("ready");
  const bool ready_only = ready != wanted.end() && *ready == true;
  OrderedJson list = OrderedJson::array();
  for (const Entry& entry : repository_.list(at)) {
    const bool is_ready = entry.state == State::kReady;
    if (ready_only && !is_ready) continue;
    list.push_back({{"name", entry.name},
                    {"version", entry.version},
                    {"state", is_ready ? "READY" : "UNAVAILABLE"},
                    {"reason", reason(entry.state)}});
  }
  return json_reply(200, list.dump());
}

// As a real server does, it answers when the model is ready.
http::Reply InferenceRoutes::load(const TargetRequest& request, Instant at) {
  const std::string name = http::percent_decode(request.route().arguments[0]);
  const std::string type = model_type_of(request);
  const InferenceRepository::Loading loading = repository_.load(name, type, at);
  if (!loading.error.empty()) return error_reply(type.empty() ? 404 : 400, loading.error);
  http::Reply reply;
  reply.due = loading.ready_at;
  return reply;
}

http::Reply InferenceRoutes::unload(const TargetRequest& request) {
  const std::string name = http::percent_decode(request.route().arguments[0]);
  if (!repository_.unload(name)) return not_found(name, {});
  return {};
}

// A random UUID.
std::string InferenceRoutes::new_id() {
  const uint64_t high = random_();
  const uint64_t low = random_();
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xffff,
                     high & 0xfff, (low >> 48 & 0x3fff) | 0x8000, low & 0xffffffffffff);
}

}  // namespace perigee
