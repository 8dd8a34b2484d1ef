#include "target/grpc/scheduler/pipeline_messages.h"

#include "engine/protobuf/wire_writer.h"
#include "target/grpc/read_fields.h"
#include "target/grpc/scheduler/scheduler_fields.h"
#include "target/grpc/scheduler/timestamps.h"

namespace perigee {
namespace {

using namespace scheduler_fields;
using protobuf::WireReader;
using protobuf::WireWriter;

void read_tensor_name(std::string_view entry, PipelineStep& step) {
  std::string_view key, value;
  read_fields(entry, [&](WireReader& reader) {
    if (reader.field() == kKey) key = reader.bytes();
    if (reader.field() == kValue) value = reader.bytes();
  });
  step.tensor_map.insert_or_assign(std::string(key), std::string(value));
}

PipelineStep read_step(std::string_view message) {
  PipelineStep step;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kStepName) step.name = reader.bytes();
    if (reader.field() == kStepInputs) step.inputs.emplace_back(reader.bytes());
    if (reader.field() == kStepTriggers) step.triggers.emplace_back(reader.bytes());
    if (reader.field() == kStepTensorMap) read_tensor_name(reader.bytes(), step);
  });
  return step;
}

void read_output(std::string_view message, PipelineRequest& request) {
  request.has_output = true;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kOutputSteps) request.outputs.emplace_back(reader.bytes());
  });
}

void read_pipeline(std::string_view message, PipelineRequest& request) {
  read_fields(message, [&](WireReader& reader) {
    switch (reader.field()) {
      case kPipelineName:
        request.name = reader.bytes();
        break;
      case kSteps:
        request.steps.push_back(read_step(reader.bytes()));
        break;
      case kOutput:
        read_output(reader.bytes(), request);
        break;
      case kPipelineKubernetes:
        request.kubernetes = reader.bytes();
        break;
      case kAllowCycles:
        request.allow_cycles = reader.varint() != 0;
        break;
      default:
        break;
    }
  });
  read_fields(request.kubernetes, [&](WireReader& reader) {
    if (reader.field() == kGeneration) request.generation = static_cast<int64_t>(reader.varint());
  });
}

// What the pipeline gateway makes of it.
PipelineState gateway_state(PipelineState state) {
  return state == PipelineState::kCreating ? PipelineState::kCreate : state;
}

void write_state(WireWriter& writer, const PipelineVersion& version, const TimeOrigin& origin) {
  const auto state = writer.begin(kPipelineState);
  writer.uint_field(kPipelineVersion, version.number);
  writer.uint_field(kPipelineStatus, static_cast<uint64_t>(version.state));
  if (!version.reason.empty()) writer.bytes_field(kPipelineReason, version.reason);
  write_timestamp(writer, kPipelineChange, origin.wall_at(version.changed_at));
  writer.bool_field(kModelsReady, version.models_ready);
  writer.uint_field(kPipelineGatewayStatus, static_cast<uint64_t>(gateway_state(version.state)));
  writer.end(state);
}

void write_version(WireWriter& writer, const PipelineVersion& version, const TimeOrigin& origin) {
  const auto open = writer.begin(kPipelineVersions);
  // Of a field that is there twice the later value counts.
  std::string definition = version.request.definition;
  WireWriter(definition).bytes_field(kUid, version.uid);
  WireWriter(definition).uint_field(kNumber, version.number);
  writer.bytes_field(kPipelineDefinition, definition);
  write_state(writer, version, origin);
  writer.end(open);
}

}  // namespace

PipelineRequest read_pipeline_request(std::string_view message) {
  PipelineRequest request;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kLoaded) request.definition = reader.bytes();
  });
  read_pipeline(request.definition, request);
  return request;
}

std::string_view read_name(std::string_view message) {
  std::string_view name;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kReferenceName) name = reader.bytes();
  });
  return name;
}

void write_pipeline_status(std::string& out, const ScheduledPipeline& pipeline, bool all_versions,
                           const TimeOrigin& origin) {
  WireWriter writer(out);
  writer.bytes_field(kStatusPipelineName, pipeline.name);
  for (const PipelineVersion& version : pipeline.versions) {
    if (all_versions || &version == &pipeline.latest()) write_version(writer, version, origin);
  }
  writer.uint_field(kPipelineTimestamp,
                    to_unix_nanoseconds(origin.wall_at(pipeline.latest().changed_at)));
  writer.uint_field(kPipelineOperation, static_cast<uint64_t>(operation_of(pipeline.deleted)));
}

}  // namespace perigee
