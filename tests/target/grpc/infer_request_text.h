// Messages of the Open Inference Protocol, written field by field.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/protobuf/wire_reader.h"
#include "engine/protobuf/wire_writer.h"
#include "target/grpc/inference_fields.h"
#include "target/tensor.h"

namespace perigee {

// An InferInputTensor; `contents` is its InferTensorContents.
inline std::string wire_input(std::string_view name, std::string_view datatype, const Shape& shape,
                              std::string_view contents = {}) {
  std::string out;
  protobuf::WireWriter writer(out);
  writer.bytes_field(inference_fields::kTensorName, name);
  writer.bytes_field(inference_fields::kTensorDatatype, datatype);
  const auto sizes = writer.begin(inference_fields::kTensorShape);
  for (const int64_t size : shape)
    writer.varint(static_cast<uint64_t>(size));
  writer.end(sizes);
  if (!contents.empty()) writer.bytes_field(inference_fields::kTensorContents, contents);
  return out;
}

// A ModelInferRequest.
inline std::string wire_request(std::string_view model, const std::vector<std::string>& inputs,
                                const std::vector<std::string>& raw = {},
                                std::string_view id = {}) {
  std::string out;
  protobuf::WireWriter writer(out);
  writer.bytes_field(inference_fields::kRequestModelName, model);
  if (!id.empty()) writer.bytes_field(inference_fields::kRequestId, id);
  for (const std::string& input : inputs)
    writer.bytes_field(inference_fields::kRequestInputs, input);
  for (const std::string& bytes : raw)
    writer.bytes_field(inference_fields::kRawInputContents, bytes);
  return out;
}

inline std::string floats(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

// The values of a field of bytes, in their order.
inline std::vector<std::string> fields_of(std::string_view message, uint32_t field) {
  std::vector<std::string> values;
  protobuf::WireReader reader(message);
  while (reader.next()) {
    if (reader.field() == field) values.emplace_back(reader.bytes());
  }
  return values;
}
inline std::string field_of(std::string_view message, uint32_t field) {
  const auto values = fields_of(message, field);
  return values.empty() ? "" : values.front();
}
// The value of a field that is a number; 0 if it is not there.
inline uint64_t number_of(std::string_view message, uint32_t field) {
  protobuf::WireReader reader(message);
  while (reader.next()) {
    if (reader.field() == field) return reader.varint();
  }
  return 0;
}

}  // namespace perigee
