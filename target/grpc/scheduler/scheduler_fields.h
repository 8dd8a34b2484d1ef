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
enum MapEntry : uint32_t { kKey = 1, kValue = 2 };
enum SchedulerStatusResponse : uint32_t { kApplicationVersion = 1 };
enum Timestamp : uint32_t { kSeconds = 1, kNanos = 2 };

}  // namespace perigee::scheduler_fields
