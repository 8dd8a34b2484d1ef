#include "target/grpc/tensor_proto.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "engine/protobuf/wire_reader.h"
#include "target/bad_request.h"
#include "target/grpc/malformed_message.h"
#include "target/grpc/read_fields.h"
#include "target/grpc/tensorflow_fields.h"
#include "target/inference/raw_values.h"
#include "target/input_tensor.h"

namespace perigee {
namespace {

using namespace tensorflow_fields;
using protobuf::WireCursor;
using protobuf::WireReader;
using protobuf::WireType;
using protobuf::WireWriter;

// How a datatype is called and in which list its values may stand.
struct TypeEntry {
  Datatype datatype;
  uint32_t number;
  uint32_t list;
};

constexpr std::array<TypeEntry, 14> kTypes{{{Datatype::kFp32, 1, kFloatValues},
                                            {Datatype::kFp64, 2, kDoubleValues},
                                            {Datatype::kInt32, 3, kIntValues},
                                            {Datatype::kUint8, 4, kIntValues},
                                            {Datatype::kInt16, 5, kIntValues},
                                            {Datatype::kInt8, 6, kIntValues},
                                            {Datatype::kBytes, 7, kStringValues},
                                            {Datatype::kInt64, 9, kInt64Values},
                                            {Datatype::kBool, 10, kBoolValues},
                                            {Datatype::kBf16, 14, kHalfValues},
                                            {Datatype::kUint16, 17, kIntValues},
                                            {Datatype::kFp16, 19, kHalfValues},
                                            {Datatype::kUint32, 22, kUint32Values},
                                            {Datatype::kUint64, 23, kUint64Values}}};

const TypeEntry& find_type(uint64_t number, std::string_view name) {
  for (const TypeEntry& entry : kTypes) {
    if (entry.number == number) return entry;
  }
  throw BadRequest(fmt::format("input \"{}\": {} is no datatype that models take", name, number));
}

int64_t read_size(std::string_view message) {
  int64_t size = 0;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kDimSize) size = static_cast<int64_t>(reader.varint());
  });
  return size;
}

Shape read_shape_proto(std::string_view message) {
  Shape shape;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kShapeDim) shape.push_back(read_size(reader.bytes()));
  });
  return shape;
}

// The bytes of one number of a list, as a raw tensor has it.
template <typename Source>
void append_value(std::string& out, Source& source, const TypeEntry& type) {
  uint64_t bits = 0;
  if (type.list == kFloatValues) {
    bits = source.fixed32();
  } else if (type.list == kDoubleValues) {
    bits = source.fixed64();
  } else {
    bits = source.varint();
  }
  out.append(reinterpret_cast<const char*>(&bits), value_size(type.datatype));
}

void append_values(std::string& out, WireReader& reader, const TypeEntry& type) {
  if (reader.type() != WireType::kLengthDelimited) return append_value(out, reader, type);
  WireCursor cursor(reader.bytes());
  while (!cursor.done())
    append_value(out, cursor, type);
  if (cursor.failed()) throw MalformedMessage(cursor.fault());
}

// One value stands for all.
void repeat(std::string& values, size_t size, size_t count) {
  if (values.size() != size || count < 2) return;
  const std::string one = values;
  for (size_t i = 1; i < count; ++i)
    values += one;
}

void read_texts(std::string_view message, Tensor& tensor) {
  Texts texts;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kStringValues) texts.emplace_back(reader.bytes());
  });
  const size_t count = value_count(tensor);
  if (texts.size() == 1 && count > 1) texts.resize(count, texts.front());
  if (texts.size() != count) {
    throw BadRequest(fmt::format("input \"{}\" has {} values; its shape {} holds {}", tensor.name,
                                 texts.size(), shape_text(tensor.shape), count));
  }
  tensor.values = std::move(texts);
}

void read_numbers(std::string_view message, const TypeEntry& type, Tensor& tensor) {
  std::string_view content;
  std::string listed;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kTensorContent) content = reader.bytes();
    if (reader.field() == type.list) append_values(listed, reader, type);
  });
  if (!content.empty()) return read_raw_values(content, tensor, "tensor_content");
  repeat(listed, value_size(type.datatype), value_count(tensor));
  read_raw_values(listed, tensor, "values");
}

}  // namespace

uint32_t tensorflow_type(Datatype datatype) {
  for (const TypeEntry& entry : kTypes) {
    if (entry.datatype == datatype) return entry.number;
  }
  return 0;
}

Tensor read_tensor_proto(std::string_view name, std::string_view message) {
  Tensor tensor;
  tensor.name = name;
  uint64_t number = 0;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kTensorType) number = reader.varint();
    if (reader.field() == kTensorShape) tensor.shape = read_shape_proto(reader.bytes());
  });
  const TypeEntry& type = find_type(number, name);
  tensor.datatype = type.datatype;
  if (type.datatype == Datatype::kBytes) {
    read_texts(message, tensor);
  } else {
    read_numbers(message, type, tensor);
  }
  return tensor;
}

void write_shape_proto(WireWriter& writer, uint32_t field, const Shape& shape) {
  const auto open = writer.begin(field);
  for (const int64_t size : shape) {
    const auto dim = writer.begin(kShapeDim);
    writer.int_field(kDimSize, size);
    writer.end(dim);
  }
  writer.end(open);
}

void write_tensor_proto(WireWriter& writer, std::string& out, uint32_t field,
                        const Tensor& tensor) {
  const auto open = writer.begin(field);
  writer.uint_field(kTensorType, tensorflow_type(tensor.datatype));
  write_shape_proto(writer, kTensorShape, tensor.shape);
  if (tensor.datatype == Datatype::kBytes) {
    for (const std::string& text : tensor.texts())
      writer.bytes_field(kStringValues, text);
  } else {
    const auto content = writer.begin(kTensorContent, raw_size(tensor));
    append_raw_values(out, tensor);
    writer.end(content);
  }
  writer.end(open);
}

}  // namespace perigee
