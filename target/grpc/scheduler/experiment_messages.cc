#include "target/grpc/scheduler/experiment_messages.h"

#include "engine/protobuf/wire_writer.h"
#include "target/grpc/read_fields.h"
#include "target/grpc/scheduler/scheduler_fields.h"

namespace perigee {
namespace {

using namespace scheduler_fields;
using protobuf::WireReader;
using protobuf::WireWriter;

TrafficSplit::Part read_candidate(std::string_view message) {
  TrafficSplit::Part candidate{};
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kCandidateName) candidate.name = reader.bytes();
    if (reader.field() == kCandidateWeight) {
      candidate.weight = static_cast<uint32_t>(reader.varint());
    }
  });
  return candidate;
}

void read_experiment(std::string_view message, ExperimentRequest& request) {
  read_fields(message, [&](WireReader& reader) {
    switch (reader.field()) {
      case kExperimentName:
        request.name = reader.bytes();
        break;
      case kDefault:
        request.default_candidate = reader.bytes();
        break;
      case kCandidates:
        request.candidates.push_back(read_candidate(reader.bytes()));
        break;
      case kMirror:
        request.mirror = read_candidate(reader.bytes()).name;
        break;
      case kExperimentKubernetes:
        request.kubernetes = reader.bytes();
        break;
      case kResourceType:
        request.of_pipelines = reader.varint() == 1;
        break;
      default:
        break;
    }
  });
}

}  // namespace

ExperimentRequest read_experiment_request(std::string_view message) {
  ExperimentRequest request;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kLoaded) read_experiment(reader.bytes(), request);
  });
  return request;
}

void write_experiment_status(std::string& out, const ScheduledExperiment& experiment) {
  WireWriter writer(out);
  writer.bytes_field(kStatusExperimentName, experiment.request.name);
  writer.bool_field(kActive, experiment.active);
  writer.bool_field(kCandidatesReady, experiment.candidates_ready);
  writer.bool_field(kMirrorReady, experiment.mirror_ready);
  writer.bytes_field(kDescription, experiment.description);
  if (!experiment.request.kubernetes.empty()) {
    writer.bytes_field(kStatusKubernetes, experiment.request.kubernetes);
  }
}

}  // namespace perigee
