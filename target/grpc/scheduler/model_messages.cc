#include "target/grpc/scheduler/model_messages.h"

#include <algorithm>

#include "engine/protobuf/wire_writer.h"
#include "target/grpc/read_fields.h"
#include "target/grpc/scheduler/scheduler_fields.h"
#include "target/grpc/scheduler/timestamps.h"

namespace perigee {
namespace {

using namespace scheduler_fields;
using protobuf::WireReader;
using protobuf::WireWriter;

void read_meta(std::string_view meta, ModelRequest& request) {
  read_fields(meta, [&](WireReader& reader) {
    if (reader.field() == kMetaName) request.name = reader.bytes();
    if (reader.field() == kMetaKubernetes) request.kubernetes = reader.bytes();
  });
  read_fields(request.kubernetes, [&](WireReader& reader) {
    if (reader.field() == kGeneration) request.generation = static_cast<int64_t>(reader.varint());
  });
}

void read_parameter(std::string_view parameter, ModelRequest& request) {
  std::string_view name, value;
  read_fields(parameter, [&](WireReader& reader) {
    if (reader.field() == kParameterName) name = reader.bytes();
    if (reader.field() == kParameterValue) value = reader.bytes();
  });
  if (name == "model_type") request.model_type = value;
}

void read_specification(std::string_view specification, ModelRequest& request) {
  request.specification = specification;
  read_fields(specification, [&](WireReader& reader) {
    switch (reader.field()) {
      case kUri:
        request.uri = reader.bytes();
        break;
      case kRequirements:
        request.requirements.emplace_back(reader.bytes());
        break;
      case kMemoryBytes:
        request.memory = reader.varint();
        break;
      case kServer:
        request.server = reader.bytes();
        break;
      case kParameters:
        read_parameter(reader.bytes(), request);
        break;
      default:
        break;
    }
  });
}

// There is one replica at least: that none are wanted can't be told from nothing being said.
void read_deployment(std::string_view deployment, ModelRequest& request) {
  uint32_t replicas = 0;
  read_fields(deployment, [&](WireReader& reader) {
    if (reader.field() == kReplicas) replicas = static_cast<uint32_t>(reader.varint());
    if (reader.field() == kMinReplicas) {
      request.min_replicas = static_cast<uint32_t>(reader.varint());
    }
  });
  request.replicas = std::max({replicas, request.min_replicas, uint32_t{1}});
}

void write_replica(WireWriter& writer, uint32_t index, ReplicaState state,
                   const ModelVersion& version, const TimeOrigin& origin) {
  const auto entry = writer.begin(kReplicaStates);
  writer.uint_field(kKey, index);
  const auto replica = writer.begin(kValue);
  writer.uint_field(kReplicaState, static_cast<uint64_t>(state));
  if (!version.reason.empty()) writer.bytes_field(kReplicaReason, version.reason);
  write_timestamp(writer, kReplicaChange, origin.wall_at(version.changed_at));
  writer.end(replica);
  writer.end(entry);
}

void write_replicas(WireWriter& writer, const ModelVersion& version, const TimeOrigin& origin) {
  for (uint32_t i = 0; i < version.replicas; ++i) {
    const bool available = i < version.available;
    write_replica(writer, i, available ? ReplicaState::kAvailable : version.others, version,
                  origin);
  }
}

// What the model gateway makes of it: it serves what is available, and follows the rest.
ModelState gateway_state(ModelState state) {
  switch (state) {
    case ModelState::kAvailable:
    case ModelState::kTerminating:
    case ModelState::kTerminated:
      return state;
    default:
      return ModelState::kCreate;
  }
}

uint32_t unavailable(const ModelVersion& version) {
  if (version.ending()) return 0;
  const uint32_t wanted =
      version.state == ModelState::kScheduleFailed ? version.request.replicas : version.replicas;
  return wanted - std::min(wanted, version.available);
}

void write_state(WireWriter& writer, const ModelVersion& version, const TimeOrigin& origin) {
  const auto state = writer.begin(kState);
  writer.uint_field(kModelState, static_cast<uint64_t>(version.state));
  if (!version.reason.empty()) writer.bytes_field(kReason, version.reason);
  writer.uint_field(kAvailableReplicas, version.available);
  writer.uint_field(kUnavailableReplicas, unavailable(version));
  write_timestamp(writer, kLastChange, origin.wall_at(version.changed_at));
  writer.uint_field(kGatewayState, static_cast<uint64_t>(gateway_state(version.state)));
  writer.end(state);
}

void write_version(WireWriter& writer, const ModelVersion& version, const TimeOrigin& origin) {
  const auto open = writer.begin(kVersions);
  writer.uint_field(kVersion, version.number);
  writer.bytes_field(kServerName, version.server);
  if (!version.request.kubernetes.empty()) {
    writer.bytes_field(kKubernetesMeta, version.request.kubernetes);
  }
  write_replicas(writer, version, origin);
  write_state(writer, version, origin);
  writer.bytes_field(kDefinition, version.request.definition);
  writer.end(open);
}

}  // namespace

ModelRequest read_model_request(std::string_view message) {
  ModelRequest request;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kLoaded) request.definition = reader.bytes();
  });
  read_fields(request.definition, [&](WireReader& reader) {
    if (reader.field() == kMeta) read_meta(reader.bytes(), request);
    if (reader.field() == kModelSpec) read_specification(reader.bytes(), request);
    if (reader.field() == kDeploymentSpec) read_deployment(reader.bytes(), request);
  });
  return request;
}

std::string_view read_unloaded_model(std::string_view message) {
  std::string_view reference, name;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kUnloaded) reference = reader.bytes();
  });
  read_fields(reference, [&](WireReader& reader) {
    if (reader.field() == kReferenceName) name = reader.bytes();
  });
  return name;
}

void write_model_status(std::string& out, const ScheduledModel& model, bool all_versions,
                        const TimeOrigin& origin) {
  WireWriter writer(out);
  writer.bytes_field(kModelName, model.name);
  for (const ModelVersion& version : model.versions) {
    if (all_versions || &version == &model.latest()) write_version(writer, version, origin);
  }
  if (model.deleted) writer.bool_field(kDeleted, true);
  writer.uint_field(kTimestamp, to_unix_nanoseconds(origin.wall_at(model.latest().changed_at)));
  writer.uint_field(kOperation, static_cast<uint64_t>(operation_of(model.deleted)));
}

}  // namespace perigee
