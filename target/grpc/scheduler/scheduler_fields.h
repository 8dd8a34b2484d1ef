// The field numbers of the scheduler's messages; see
// scenarios/protos/mlops/scheduler/scheduler.proto.
#pragma once

#include <cstdint>

namespace perigee::scheduler_fields {

// Requests to load a model, a pipeline or an experiment have it in this field; what the proxy is
// asked for is such a request in the same field.
enum LoadRequest : uint32_t { kLoaded = 1 };
enum Model : uint32_t { kMeta = 1, kModelSpec = 2, kDeploymentSpec = 3 };
enum MetaData : uint32_t { kMetaName = 1, kMetaKubernetes = 4 };
enum KubernetesMeta : uint32_t { kGeneration = 2 };
enum ModelSpec : uint32_t {
  kUri = 1,
  kRequirements = 4,
  kMemoryBytes = 5,
  kServer = 6,
  kParameters = 8,
};
enum ParameterSpec : uint32_t { kParameterName = 1, kParameterValue = 2 };
enum DeploymentSpec : uint32_t { kReplicas = 1, kMinReplicas = 2 };
enum ModelReference : uint32_t { kReferenceName = 1 };
enum UnloadModelRequest : uint32_t { kUnloaded = 1 };
// Of all requests for a status that name what they are for.
enum StatusRequest : uint32_t { kWanted = 2, kAllVersions = 3 };

enum ModelStatusResponse : uint32_t {
  kModelName = 1,
  kVersions = 2,
  kDeleted = 3,
  kTimestamp = 5,
  kOperation = 6,
};
enum ModelVersionStatus : uint32_t {
  kVersion = 2,
  kServerName = 3,
  kKubernetesMeta = 4,
  kReplicaStates = 5,
  kState = 6,
  kDefinition = 7,
};
enum ModelStatus : uint32_t {
  kModelState = 1,
  kReason = 2,
  kAvailableReplicas = 3,
  kUnavailableReplicas = 4,
  kLastChange = 5,
  kGatewayState = 6,
};
enum ModelReplicaStatus : uint32_t { kReplicaState = 1, kReplicaReason = 2, kReplicaChange = 3 };
enum Pipeline : uint32_t {
  kPipelineName = 1,
  kUid = 2,
  kNumber = 3,
  kSteps = 4,
  kOutput = 5,
  kPipelineKubernetes = 6,
  kAllowCycles = 9,
};
enum PipelineStepMessage : uint32_t {
  kStepName = 1,
  kStepInputs = 2,
  kStepTensorMap = 4,
  kStepTriggers = 6,
};
enum PipelineOutput : uint32_t { kOutputSteps = 1 };
enum PipelineStatusResponse : uint32_t {
  kStatusPipelineName = 1,
  kPipelineVersions = 2,
  kPipelineTimestamp = 3,
  kPipelineOperation = 4,
};
enum PipelineWithState : uint32_t { kPipelineDefinition = 1, kPipelineState = 2 };
enum PipelineVersionState : uint32_t {
  kPipelineVersion = 1,
  kPipelineStatus = 2,
  kPipelineReason = 3,
  kPipelineChange = 4,
  kModelsReady = 5,
  kPipelineGatewayStatus = 6,
};

enum Experiment : uint32_t {
  kExperimentName = 1,
  kDefault = 2,
  kCandidates = 3,
  kMirror = 4,
  kExperimentKubernetes = 6,
  kResourceType = 7,
};
// The mirror's name stands in the same place.
enum ExperimentCandidate : uint32_t { kCandidateName = 1, kCandidateWeight = 2 };
enum ExperimentStatusResponse : uint32_t {
  kStatusExperimentName = 1,
  kActive = 2,
  kCandidatesReady = 3,
  kMirrorReady = 4,
  kDescription = 5,
  kStatusKubernetes = 6,
};

enum ServerNotifyRequest : uint32_t { kNotifiedServers = 1 };
enum ServerNotify : uint32_t { kNoticeName = 1, kNoticeReplicas = 2 };
enum ServerStatusResponse : uint32_t {
  kStatusServerName = 1,
  kResources = 2,
  kExpectedReplicas = 3,
  kServerReplicas = 4,
  kLoadedModelReplicas = 5,
};
enum ServerReplicaResources : uint32_t {
  kReplicaIndex = 1,
  kTotalMemory = 2,
  kAvailableMemory = 3,
  kLoadedModels = 4,
};

enum MapEntry : uint32_t { kKey = 1, kValue = 2 };
enum SchedulerStatusResponse : uint32_t { kApplicationVersion = 1 };
enum Timestamp : uint32_t { kSeconds = 1, kNanos = 2 };

}  // namespace perigee::scheduler_fields
