#include "target/grpc/infer_messages.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/protobuf/wire_writer.h"
#include "target/bad_request.h"
#include "target/grpc/inference_fields.h"
#include "target/grpc/malformed_message.h"
#include "target/grpc/read_fields.h"
#include "target/grpc/typed_values.h"
#include "target/inference/model_inputs.h"
#include "target/inference/raw_values.h"

namespace perigee {
namespace {

using namespace inference_fields;
using protobuf::WireCursor;
using protobuf::WireReader;
using protobuf::WireType;
using protobuf::WireWriter;

void read_shape(WireReader& reader, Shape& shape) {
  if (reader.type() != WireType::kLengthDelimited) {
    shape.push_back(static_cast<int64_t>(reader.varint()));
    return;
  }
  WireCursor cursor(reader.bytes());
  while (!cursor.done())
    shape.push_back(static_cast<int64_t>(cursor.varint()));
  if (cursor.failed()) throw MalformedMessage(cursor.fault());
}

Datatype known_datatype(std::string_view name, const Tensor& tensor) {
  if (const auto datatype = parse_datatype(name)) return *datatype;
  throw BadRequest(fmt::format("input \"{}\": \"{}\" is not a datatype; one of {} is", tensor.name,
                               name, fmt::join(datatype_names(), ", ")));
}

// The name of an output that is asked for.
std::string read_output(std::string_view message, const ModelType& model) {
  std::string_view name;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kTensorName) name = reader.bytes();
  });
  check_output(name, model);
  return std::string(name);
}

void write_output(WireWriter& writer, const Tensor& tensor, bool raw) {
  const auto output = writer.begin(kResponseOutputs);
  writer.bytes_field(kTensorName, tensor.name);
  writer.bytes_field(kTensorDatatype, datatype_name(tensor.datatype));
  const auto shape = writer.begin(kTensorShape);
  for (const int64_t size : tensor.shape)
    writer.varint(static_cast<uint64_t>(size));
  writer.end(shape);
  if (!raw) {
    const auto contents = writer.begin(kTensorContents);
    write_typed_values(writer, tensor);
    writer.end(contents);
  }
  writer.end(output);
}

}  // namespace

void InferMessage::clear() {
  model_name_ = model_version_ = id_ = {};
  inputs_.clear();
  outputs_.clear();
  raw_.clear();
}

void InferMessage::read(std::string_view message) {
  clear();
  read_fields(message, [this](WireReader& reader) { read_field(reader); });
}

void InferMessage::read_field(WireReader& reader) {
  switch (reader.field()) {
    case kRequestModelName:
      model_name_ = reader.bytes();
      break;
    case kRequestModelVersion:
      model_version_ = reader.bytes();
      break;
    case kRequestId:
      id_ = reader.bytes();
      break;
    case kRequestInputs:
      inputs_.push_back(reader.bytes());
      break;
    case kRequestOutputs:
      outputs_.push_back(reader.bytes());
      break;
    case kRawInputContents:
      raw_.push_back(reader.bytes());
      break;
    default:
      break;
  }
}

InferenceRequest InferMessage::tensors(const ModelType& model) const {
  if (inputs_.empty()) throw BadRequest("the request has no inputs");
  if (raw() && raw_.size() != inputs_.size()) {
    throw BadRequest(fmt::format("the request has {} inputs and {} raw_input_contents",
                                 inputs_.size(), raw_.size()));
  }
  InferenceRequest request;
  request.id = id_;
  ModelInputs inputs(model);
  for (size_t i = 0; i < inputs_.size(); ++i)
    inputs.add(read_input(i));
  request.inputs = inputs.take();
  for (const std::string_view output : outputs_)
    request.outputs.push_back(read_output(output, model));
  return request;
}

Tensor InferMessage::read_input(size_t index) const {
  Tensor tensor;
  std::string_view datatype, contents;
  read_fields(inputs_[index], [&](WireReader& reader) {
    if (reader.field() == kTensorName) tensor.name = reader.bytes();
    if (reader.field() == kTensorDatatype) datatype = reader.bytes();
    if (reader.field() == kTensorShape) read_shape(reader, tensor.shape);
    if (reader.field() == kTensorContents) contents = reader.bytes();
  });
  tensor.datatype = known_datatype(datatype, tensor);
  if (!raw()) {
    read_typed_values(contents, tensor);
  } else if (contents.empty()) {
    read_raw_values(raw_[index], tensor);
  } else {
    throw BadRequest(
        fmt::format("input \"{}\" has contents beside raw_input_contents; send one", tensor.name));
  }
  return tensor;
}

void write_infer_response(std::string& out, const InferenceResponse& response, bool raw) {
  const bool all_raw =
      raw || std::any_of(response.outputs.begin(), response.outputs.end(),
                         [](const Tensor& tensor) { return !has_typed_values(tensor.datatype); });
  WireWriter writer(out);
  writer.bytes_field(kResponseModelName, response.model_name);
  writer.bytes_field(kResponseModelVersion, response.model_version);
  if (!response.id.empty()) writer.bytes_field(kResponseId, response.id);
  for (const Tensor& tensor : response.outputs)
    write_output(writer, tensor, all_raw);
  if (!all_raw) return;
  for (const Tensor& tensor : response.outputs) {
    const auto values = writer.begin(kRawOutputContents, raw_size(tensor));
    append_raw_values(out, tensor);
    writer.end(values);
  }
}

}  // namespace perigee
