#include "target/grpc/prediction_service.h"

#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "engine/grpc/server/server_call.h"
#include "engine/protobuf/wire_writer.h"
#include "target/bad_request.h"
#include "target/grpc/model_service.h"
#include "target/grpc/read_fields.h"
#include "target/grpc/tensor_proto.h"
#include "target/grpc/tensorflow_fields.h"
#include "target/inference/model_inputs.h"
#include "target/inference_request.h"
#include "target/inference_response.h"

namespace perigee {
namespace {

using namespace tensorflow_fields;
using grpc::ServerCall;
using protobuf::WireReader;
using protobuf::WireWriter;
using State = InferenceRepository::State;

constexpr std::string_view kSignature = "serving_default";
constexpr uint64_t kLoading = 20;
constexpr uint64_t kAvailable = 30;
constexpr uint64_t kEnd = 50;

struct Wanted {
  std::string_view name;
  std::string version;  // empty: any
};

Wanted read_spec(std::string_view message) {
  Wanted wanted;
  std::string_view version, signature;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kSpecName) wanted.name = reader.bytes();
    if (reader.field() == kSpecVersion) version = reader.bytes();
    if (reader.field() == kSpecSignature) signature = reader.bytes();
  });
  read_fields(version, [&](WireReader& reader) {
    if (reader.field() == kInt64Value) wanted.version = std::to_string(reader.varint());
  });
  if (!signature.empty() && signature != kSignature) {
    throw CallRefusal(grpc::Code::kInvalidArgument,
                      fmt::format("Signature {} not found: there is {}", signature, kSignature));
  }
  return wanted;
}

// The number that a version is here; others have no number.
int64_t version_number(std::string_view version) {
  int64_t number = 0;
  std::from_chars(version.data(), version.data() + version.size(), number);
  return number;
}

void write_spec(WireWriter& writer, uint32_t field, const InferenceRepository::Entry& model) {
  const auto spec = writer.begin(field);
  writer.bytes_field(kSpecName, model.name);
  const auto version = writer.begin(kSpecVersion);
  writer.int_field(kInt64Value, version_number(model.version));
  writer.end(version);
  writer.bytes_field(kSpecSignature, kSignature);
  writer.end(spec);
}

// The tensor of an entry of the map of inputs.
Tensor read_entry(std::string_view entry) {
  std::string_view name, value;
  read_fields(entry, [&](WireReader& reader) {
    if (reader.field() == kEntryKey) name = reader.bytes();
    if (reader.field() == kEntryValue) value = reader.bytes();
  });
  return read_tensor_proto(name, value);
}

InferenceRequest read_request(std::string_view message, const ModelType& model) {
  InferenceRequest request;
  ModelInputs inputs(model);
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kPredictInputs) inputs.add(read_entry(reader.bytes()));
    if (reader.field() == kPredictOutputFilter) {
      const std::string_view name = reader.bytes();
      check_output(name, model);
      request.outputs.emplace_back(name);
    }
  });
  request.inputs = inputs.take();
  return request;
}

void write_info(WireWriter& writer, uint32_t field, std::string_view name, Datatype datatype,
                const Shape& shape) {
  const auto entry = writer.begin(field);
  writer.bytes_field(kEntryKey, name);
  const auto info = writer.begin(kEntryValue);
  writer.bytes_field(kInfoName, name);
  writer.uint_field(kInfoType, tensorflow_type(datatype));
  write_shape_proto(writer, kInfoShape, shape);
  writer.end(info);
  writer.end(entry);
}

// The SignatureDefMap of a model.
std::string signatures(const ModelType& model) {
  std::string bytes;
  WireWriter writer(bytes);
  const auto entry = writer.begin(kSignatures);
  writer.bytes_field(kEntryKey, kSignature);
  const auto signature = writer.begin(kEntryValue);
  for (const InputSpec& spec : model.inputs)
    write_info(writer, kSignatureInputs, spec.name, spec.datatypes.front(), spec.shape);
  for (const OutputSpec& spec : model.outputs)
    write_info(writer, kSignatureOutputs, spec.name, spec.datatype, spec.shape);
  writer.bytes_field(kSignatureMethod, "tensorflow/serving/predict");
  writer.end(signature);
  writer.end(entry);
  return bytes;
}

void check_metadata_fields(std::string_view message) {
  bool named = false;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() != kMetadataField) return;
    named = true;
    if (reader.bytes() == "signature_def") return;
    throw BadRequest(fmt::format("Metadata field {} is not supported", reader.bytes()));
  });
  if (!named) throw BadRequest("GetModelMetadataRequest must specify at least one metadata_field");
}

uint64_t state_number(State state) {
  if (state == State::kLoading) return kLoading;
  return state == State::kReady ? kAvailable : kEnd;
}

}  // namespace

void PredictionService::add_to(grpc::Services& services) {
  const auto prompt = [this](const ServerCall& call) { return pace_.prompt(call.at()); };
  const auto loaded = [this](const ServerCall& call) { return pace_.loaded(call.at()); };
  const auto method =
      [this](void (PredictionService::*write)(const ServerCall&, std::string_view, std::string&)) {
        return [this, write](const ServerCall& call, std::string_view message,
                             std::string& response) { (this->*write)(call, message, response); };
      };
  services.add({.path = "/tensorflow.serving.PredictionService/Predict",
                .respond = answering(loaded, method(&PredictionService::predict)),
                .begin = {}});
  services.add({.path = "/tensorflow.serving.PredictionService/GetModelMetadata",
                .respond = answering(prompt, method(&PredictionService::metadata)),
                .begin = {}});
  services.add({.path = "/tensorflow.serving.ModelService/GetModelStatus",
                .respond = answering(prompt, method(&PredictionService::status)),
                .begin = {}});
}

// The model that the request's specification names.
InferenceRepository::Entry PredictionService::find(const ServerCall& call,
                                                   std::string_view message) const {
  std::string_view spec;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kRequestSpec) spec = reader.bytes();
  });
  const Wanted wanted = read_spec(spec);
  InferenceRepository::Entry model;
  if (!repository_.find(wanted.name, wanted.version, call.at(), model)) {
    throw CallRefusal(grpc::Code::kNotFound, unknown_model(wanted.name, wanted.version));
  }
  return model;
}

void PredictionService::predict(const ServerCall& call, std::string_view message,
                                std::string& response) {
  pace_.admit();
  const InferenceRepository::Entry model = find(call, message);
  if (model.state == State::kLoading) {
    throw CallRefusal(grpc::Code::kUnavailable,
                      fmt::format("Model {} is not ready yet: it is loading", model.name));
  }
  const InferenceRequest request = read_request(message, *model.type);
  const std::vector<Tensor> outputs =
      choose_outputs(model.type->predict(request.inputs), request, *model.type);
  WireWriter writer(response);
  for (const Tensor& tensor : outputs) {
    const auto entry = writer.begin(kPredictOutputs);
    writer.bytes_field(kEntryKey, tensor.name);
    write_tensor_proto(writer, response, kEntryValue, tensor);
    writer.end(entry);
  }
  write_spec(writer, kPredictSpec, model);
}

void PredictionService::metadata(const ServerCall& call, std::string_view message,
                                 std::string& response) {
  check_metadata_fields(message);
  const InferenceRepository::Entry model = find(call, message);
  WireWriter writer(response);
  write_spec(writer, kMetadataSpec, model);
  const auto entry = writer.begin(kMetadataEntries);
  writer.bytes_field(kEntryKey, "signature_def");
  const auto any = writer.begin(kEntryValue);
  writer.bytes_field(kAnyType, "type.googleapis.com/tensorflow.serving.SignatureDefMap");
  writer.bytes_field(kAnyValue, signatures(*model.type));
  writer.end(any);
  writer.end(entry);
}

void PredictionService::status(const ServerCall& call, std::string_view message,
                               std::string& response) {
  const InferenceRepository::Entry model = find(call, message);
  WireWriter writer(response);
  const auto status = writer.begin(kVersionStatus);
  writer.int_field(kStatusVersion, version_number(model.version));
  writer.uint_field(kStatusState, state_number(model.state));
  const auto ok = writer.begin(kStatusStatus);
  writer.end(ok);
  writer.end(status);
}

}  // namespace perigee
