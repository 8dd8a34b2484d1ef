// The methods that the target has over gRPC, in the order in which they are looked for.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace perigee {

inline constexpr std::array<std::string_view, 23> kGrpcMethods{
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
};

}  // namespace perigee
