#include "target/grpc/model_service.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/grpc/server/server_call.h"
#include "engine/protobuf/wire_writer.h"
#include "target/grpc/inference_fields.h"
#include "target/grpc/read_fields.h"
#include "target/inference/model_inputs.h"

namespace perigee {
namespace {

using namespace inference_fields;
using grpc::ServerCall;
using protobuf::WireReader;
using protobuf::WireWriter;
using State = InferenceRepository::State;

// Which model the request is for: metadata that name one win over the message.
struct Wanted {
  std::string_view name;
  std::string_view version;
};

Wanted read_wanted(const ServerCall& call, std::string_view message) {
  Wanted wanted;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kModelName) wanted.name = reader.bytes();
    if (reader.field() == kModelVersion) wanted.version = reader.bytes();
  });
  const std::string_view routed = routed_model(call.request().fields());
  if (!routed.empty()) wanted.name = routed;
  return wanted;
}

void write_ready(std::string& response, bool ready) {
  if (ready) WireWriter(response).bool_field(kReady, true);
}

void write_tensor(WireWriter& writer, uint32_t field, std::string_view name, Datatype datatype,
                  const Shape& shape) {
  const auto tensor = writer.begin(field);
  writer.bytes_field(kMetadataTensorName, name);
  writer.bytes_field(kMetadataTensorDatatype, datatype_name(datatype));
  const auto sizes = writer.begin(kMetadataTensorShape);
  for (const int64_t size : shape)
    writer.varint(static_cast<uint64_t>(size));
  writer.end(sizes);
  writer.end(tensor);
}

// The value of the entry "model_type", a text; any other entry gives nothing.
std::string_view type_of_entry(std::string_view entry) {
  std::string_view key, parameter, type;
  read_fields(entry, [&](WireReader& reader) {
    if (reader.field() == kEntryKey) key = reader.bytes();
    if (reader.field() == kEntryValue) parameter = reader.bytes();
  });
  if (key != "model_type") return {};
  read_fields(parameter, [&](WireReader& reader) {
    if (reader.field() == kStringParameter) type = reader.bytes();
  });
  return type;
}

std::string_view reason(State state) {
  if (state == State::kLoading) return "it is loading";
  return state == State::kUnloaded ? "it is not loaded" : "";
}

}  // namespace

std::string unknown_model(std::string_view name, std::string_view version) {
  const std::string what = version.empty() ? fmt::format("Model {}", name)
                                           : fmt::format("Model {} with version {}", name, version);
  if (model_type_by_prefix(name) == nullptr) {
    return fmt::format("{} not found: no model of this name is loaded", what);
  }
  return fmt::format("{} not found: it is not loaded (RepositoryModelLoad loads it)", what);
}

void ModelService::add_to(grpc::Services& services) {
  add(services, "/inference.GRPCInferenceService/ServerLive", &ModelService::server_live);
  add(services, "/inference.GRPCInferenceService/ServerReady", &ModelService::server_ready);
  add(services, "/inference.GRPCInferenceService/ModelReady", &ModelService::model_ready);
  add(services, "/inference.GRPCInferenceService/ServerMetadata", &ModelService::server_metadata);
  add(services, "/inference.GRPCInferenceService/ModelMetadata", &ModelService::model_metadata);
  add(services, "/inference.GRPCInferenceService/RepositoryIndex", &ModelService::index);
  services.add(
      {.path = "/inference.GRPCInferenceService/RepositoryModelLoad",
       .respond = [this](ServerCall& call, std::string_view message) { load(call, message); },
       .begin = {}});
  add(services, "/inference.GRPCInferenceService/RepositoryModelUnload", &ModelService::unload);
}

void ModelService::add(grpc::Services& services, std::string_view path, Write write) {
  services.add(
      {.path = path,
       .respond = answering(
           [this](const ServerCall& call) { return pace_.prompt(call.at()); },
           [this, write](const ServerCall& call, std::string_view message, std::string& response) {
             (this->*write)(call, message, response);
           }),
       .begin = {}});
}

void ModelService::server_live(const ServerCall& /*call*/, std::string_view /*message*/,
                               std::string& response) {
  write_ready(response, true);
}

void ModelService::server_ready(const ServerCall& call, std::string_view /*message*/,
                                std::string& response) {
  write_ready(response, repository_.all_ready(call.at()));
}

// As Triton says it: a model that is not there is not ready, and asking is no error.
void ModelService::model_ready(const ServerCall& call, std::string_view message,
                               std::string& response) {
  const auto [name, version] = read_wanted(call, message);
  InferenceRepository::Entry model;
  write_ready(response,
              repository_.find(name, version, call.at(), model) && model.state == State::kReady);
}

void ModelService::server_metadata(const ServerCall& /*call*/, std::string_view /*message*/,
                                   std::string& response) {
  WireWriter writer(response);
  writer.bytes_field(kServerName, "perigee");
  writer.bytes_field(kServerVersion, PERIGEE_VERSION);
  writer.bytes_field(kServerExtensions, "model_repository");
}

void ModelService::model_metadata(const ServerCall& call, std::string_view message,
                                  std::string& response) {
  const auto [name, version] = read_wanted(call, message);
  InferenceRepository::Entry model;
  if (!repository_.find(name, version, call.at(), model)) {
    throw CallRefusal(grpc::Code::kNotFound, unknown_model(name, version));
  }
  WireWriter writer(response);
  writer.bytes_field(kMetadataName, model.name);
  writer.bytes_field(kMetadataVersions, model.version);
  writer.bytes_field(kMetadataPlatform, fmt::format("perigee_{}", model.type->name));
  for (const InputSpec& spec : model.type->inputs)
    write_tensor(writer, kMetadataInputs, spec.name, spec.datatypes.front(), spec.shape);
  for (const OutputSpec& spec : model.type->outputs)
    write_tensor(writer, kMetadataOutputs, spec.name, spec.datatype, spec.shape);
}

void ModelService::index(const ServerCall& call, std::string_view message, std::string& response) {
  bool ready_only = false;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kReadyOnly) ready_only = reader.varint() != 0;
  });
  WireWriter writer(response);
  for (const InferenceRepository::Entry& entry : repository_.list(call.at())) {
    const bool is_ready = entry.state == State::kReady;
    if (ready_only && !is_ready) continue;
    const auto model = writer.begin(kIndexModels);
    writer.bytes_field(kIndexName, entry.name);
    writer.bytes_field(kIndexVersion, entry.version);
    writer.bytes_field(kIndexState, is_ready ? "READY" : "UNAVAILABLE");
    if (!is_ready) writer.bytes_field(kIndexReason, reason(entry.state));
    writer.end(model);
  }
}

// As a real server does, it answers when the model is ready.
void ModelService::load(ServerCall& call, std::string_view message) try {
  const Instant ready_at = load_model(call, message);
  const Instant due = pace_.prompt(std::max(ready_at, call.at()));
  call.send({}, due);
  call.finish({}, due);
} catch (const std::runtime_error&) {
  call.finish(refusal_status(), pace_.prompt(call.at()));
}

Instant ModelService::load_model(const ServerCall& call, std::string_view message) {
  std::string_view name;
  std::string_view type = call.request().field("perigee-model-type");
  const bool given = !type.empty();
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kRepositoryModelName) name = reader.bytes();
    if (reader.field() != kLoadParameters || given) return;
    const std::string_view in_entry = type_of_entry(reader.bytes());
    if (!in_entry.empty()) type = in_entry;
  });
  const InferenceRepository::Loading loading = repository_.load(name, type, call.at());
  if (loading.error.empty()) return loading.ready_at;
  throw CallRefusal(type.empty() ? grpc::Code::kNotFound : grpc::Code::kInvalidArgument,
                    loading.error);
}

void ModelService::unload(const ServerCall& /*call*/, std::string_view message,
                          std::string& /*response*/) {
  std::string_view name;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kRepositoryModelName) name = reader.bytes();
  });
  if (!repository_.unload(name)) {
    throw CallRefusal(grpc::Code::kNotFound, unknown_model(name, {}));
  }
}

}  // namespace perigee
