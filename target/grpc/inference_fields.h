// The field numbers of the Open Inference Protocol's messages; see
// scenarios/protos/inference/inference.proto.
#pragma once

#include <cstdint>

namespace perigee::inference_fields {

enum ModelInferRequest : uint32_t {
  kRequestModelName = 1,
  kRequestModelVersion = 2,
  kRequestId = 3,
  kRequestInputs = 5,
  kRequestOutputs = 6,
  kRawInputContents = 7,
};
enum ModelInferResponse : uint32_t {
  kResponseModelName = 1,
  kResponseModelVersion = 2,
  kResponseId = 3,
  kResponseOutputs = 5,
  kRawOutputContents = 6,
};
// Of inputs and outputs; of those that are asked for the name only.
enum InferTensor : uint32_t {
  kTensorName = 1,
  kTensorDatatype = 2,
  kTensorShape = 3,
  kTensorContents = 5,
};
enum InferTensorContents : uint32_t {
  kBoolContents = 1,
  kIntContents = 2,
  kInt64Contents = 3,
  kUintContents = 4,
  kUint64Contents = 5,
  kFp32Contents = 6,
  kFp64Contents = 7,
  kBytesContents = 8,
};
enum ModelStreamInferResponse : uint32_t {
  kErrorMessage = 1,
  kInferResponse = 2,
};
// ServerLive, ServerReady and ModelReady answer with one of these.
enum ReadyResponse : uint32_t { kReady = 1 };
// Of the requests for the readiness and the metadata of a model.
enum ModelReference : uint32_t { kModelName = 1, kModelVersion = 2 };
enum ServerMetadataResponse : uint32_t {
  kServerName = 1,
  kServerVersion = 2,
  kServerExtensions = 3,
};
enum ModelMetadataResponse : uint32_t {
  kMetadataName = 1,
  kMetadataVersions = 2,
  kMetadataPlatform = 3,
  kMetadataInputs = 4,
  kMetadataOutputs = 5,
};
enum TensorMetadata : uint32_t {
  kMetadataTensorName = 1,
  kMetadataTensorDatatype = 2,
  kMetadataTensorShape = 3,
};
enum RepositoryIndexRequest : uint32_t { kReadyOnly = 2 };
enum RepositoryIndexResponse : uint32_t { kIndexModels = 1 };
enum ModelIndex : uint32_t {
  kIndexName = 1,
  kIndexVersion = 2,
  kIndexState = 3,
  kIndexReason = 4,
};
// Of the requests to load and to unload a model.
enum RepositoryModelRequest : uint32_t { kRepositoryModelName = 2, kLoadParameters = 3 };
enum MapEntry : uint32_t { kEntryKey = 1, kEntryValue = 2 };
enum ModelRepositoryParameter : uint32_t { kStringParameter = 3 };

}  // namespace perigee::inference_fields
