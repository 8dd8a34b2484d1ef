// The methods that the target has over gRPC, in the order in which they are looked for.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace perigee {

inline constexpr std::array<std::string_view, 44> kGrpcMethods{
    "/inference.GRPCInferenceService/ModelInfer",
    "/inference.GRPCInferenceService/ModelStreamInfer",
    "/inference.GRPCInferenceService/ServerLive",
    "/inference.GRPCInferenceService/ServerReady",
    "/inference.GRPCInferenceService/ModelReady",
    "/inference.GRPCInferenceService/ServerMetadata",
    "/inference.GRPCInferenceService/ModelMetadata",
    "/inference.GRPCInferenceService/RepositoryIndex",
    "/inference.GRPCInferenceService/RepositoryModelLoad",
    "/inference.GRPCInferenceService/RepositoryModelUnload",
    "/perigee.test.Test/Echo",
    "/perigee.test.Test/Fail",
    "/perigee.test.Test/Hang",
    "/perigee.test.Test/Count",
    "/perigee.test.Test/Sum",
    "/perigee.test.Test/Chat",
    "/perigee.test.Test/Break",
    "/perigee.test.Test/BreakStream",
    "/grpc.health.v1.Health/Check",
    "/grpc.health.v1.Health/Watch",
    "/grpc.health.v1.Health/List",
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
    "/seldon.mlops.scheduler.Scheduler/LoadModel",
    "/seldon.mlops.scheduler.Scheduler/UnloadModel",
    "/seldon.mlops.scheduler.Scheduler/ModelStatus",
    "/seldon.mlops.scheduler.Scheduler/SubscribeModelStatus",
    "/seldon.mlops.proxy.SchedulerProxy/LoadModel",
    "/seldon.mlops.proxy.SchedulerProxy/UnloadModel",
    "/seldon.mlops.scheduler.Scheduler/LoadPipeline",
    "/seldon.mlops.scheduler.Scheduler/UnloadPipeline",
    "/seldon.mlops.scheduler.Scheduler/PipelineStatus",
    "/seldon.mlops.scheduler.Scheduler/SubscribePipelineStatus",
    "/seldon.mlops.scheduler.Scheduler/StartExperiment",
    "/seldon.mlops.scheduler.Scheduler/StopExperiment",
    "/seldon.mlops.scheduler.Scheduler/ExperimentStatus",
    "/seldon.mlops.scheduler.Scheduler/SubscribeExperimentStatus",
    "/seldon.mlops.scheduler.Scheduler/ServerNotify",
    "/seldon.mlops.scheduler.Scheduler/SchedulerStatus",
    "/seldon.mlops.scheduler.Scheduler/ServerStatus",
    "/seldon.mlops.scheduler.Scheduler/SubscribeServerStatus",
    "/tensorflow.serving.PredictionService/Predict",
    "/tensorflow.serving.PredictionService/GetModelMetadata",
    "/tensorflow.serving.ModelService/GetModelStatus",
};

}  // namespace perigee
