// The field numbers of TensorFlow Serving's messages; see
// scenarios/protos/tensorflow_serving/prediction_service.proto and tensorflow/tensor.proto.
#pragma once

#include <cstdint>

namespace perigee::tensorflow_fields {

enum ModelSpec : uint32_t { kSpecName = 1, kSpecVersion = 2, kSpecSignature = 3 };
enum Int64Value : uint32_t { kInt64Value = 1 };
// Of the requests and responses of both services.
enum Request : uint32_t { kRequestSpec = 1 };
enum PredictRequest : uint32_t { kPredictInputs = 2, kPredictOutputFilter = 3 };
enum PredictResponse : uint32_t { kPredictOutputs = 1, kPredictSpec = 2 };
enum MapEntry : uint32_t { kEntryKey = 1, kEntryValue = 2 };
enum MetadataRequest : uint32_t { kMetadataField = 2 };
enum MetadataResponse : uint32_t { kMetadataSpec = 1, kMetadataEntries = 2 };
enum Any : uint32_t { kAnyType = 1, kAnyValue = 2 };
enum SignatureDefMap : uint32_t { kSignatures = 1 };
enum SignatureDef : uint32_t { kSignatureInputs = 1, kSignatureOutputs = 2, kSignatureMethod = 3 };
enum TensorInfo : uint32_t { kInfoName = 1, kInfoType = 2, kInfoShape = 3 };
enum StatusResponse : uint32_t { kVersionStatus = 1 };
enum ModelVersionStatus : uint32_t { kStatusVersion = 1, kStatusState = 2, kStatusStatus = 3 };

enum TensorProto : uint32_t {
  kTensorType = 1,
  kTensorShape = 2,
  kTensorContent = 4,
  kFloatValues = 5,
  kDoubleValues = 6,
  kIntValues = 7,
  kStringValues = 8,
  kInt64Values = 10,
  kBoolValues = 11,
  kHalfValues = 13,
  kUint32Values = 16,
  kUint64Values = 17,
};
enum TensorShapeProto : uint32_t { kShapeDim = 2 };
enum Dim : uint32_t { kDimSize = 1 };

}  // namespace perigee::tensorflow_fields
