#include "target/grpc/typed_values.h"

#include <bit>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/protobuf/wire_reader.h"
#include "target/bad_request.h"
#include "target/grpc/inference_fields.h"
#include "target/grpc/malformed_message.h"
#include "target/inference/raw_values.h"
#include "target/input_tensor.h"

namespace perigee {
namespace {

using namespace inference_fields;
using protobuf::WireCursor;
using protobuf::WireReader;
using protobuf::WireType;

uint32_t list_of(Datatype datatype) {
  switch (datatype) {
    case Datatype::kBool:
      return kBoolContents;
    case Datatype::kInt8:
    case Datatype::kInt16:
    case Datatype::kInt32:
      return kIntContents;
    case Datatype::kInt64:
      return kInt64Contents;
    case Datatype::kUint8:
    case Datatype::kUint16:
    case Datatype::kUint32:
      return kUintContents;
    case Datatype::kUint64:
      return kUint64Contents;
    case Datatype::kFp32:
      return kFp32Contents;
    case Datatype::kFp64:
      return kFp64Contents;
    case Datatype::kBytes:
      return kBytesContents;
    default:
      return 0;
  }
}

std::string_view list_name(uint32_t list) {
  constexpr std::string_view kNames[] = {"",
                                         "bool_contents",
                                         "int_contents",
                                         "int64_contents",
                                         "uint_contents",
                                         "uint64_contents",
                                         "fp32_contents",
                                         "fp64_contents",
                                         "bytes_contents"};
  return kNames[list];
}

WireType element_type(uint32_t list) {
  switch (list) {
    case kFp32Contents:
      return WireType::kFixed32;
    case kFp64Contents:
      return WireType::kFixed64;
    default:
      return WireType::kVarint;
  }
}

// Reads one kind of list, in packed fields and single ones.
class TypedList {
 public:
  explicit TypedList(const Tensor& tensor) : tensor_(tensor), list_(list_of(tensor.datatype)) {}

  template <typename Values>
  Values read(std::string_view contents, size_t likely) {
    Values values;
    values.reserve(likely);
    WireReader reader(contents);
    while (reader.next()) {
      if (reader.field() == list_) {
        read_field(reader, values);
      } else if (reader.field() >= kBoolContents && reader.field() <= kBytesContents) {
        refuse_list(reader.field());
      }
    }
    if (reader.failed()) throw MalformedMessage(reader.fault());
    return values;
  }

 private:
  void read_field(WireReader& reader, Texts& values) { values.emplace_back(reader.bytes()); }

  template <typename Values>
  void read_field(WireReader& reader, Values& values) {
    if (reader.type() != WireType::kLengthDelimited) return read_single(reader, values);
    WireCursor cursor(reader.bytes());
    while (!cursor.done())
      append(values, element(cursor));
    if (cursor.failed()) throw MalformedMessage(cursor.fault());
  }

  template <typename Values>
  void read_single(WireReader& reader, Values& values) {
    switch (element_type(list_)) {
      case WireType::kFixed32:
        return append(values, reader.fixed32());
      case WireType::kFixed64:
        return append(values, reader.fixed64());
      default:
        return append(values, reader.varint());
    }
  }

  uint64_t element(WireCursor& cursor) const {
    switch (element_type(list_)) {
      case WireType::kFixed32:
        return cursor.fixed32();
      case WireType::kFixed64:
        return cursor.fixed64();
      default:
        return cursor.varint();
    }
  }

  void append(Reals& values, uint64_t bits) const {
    values.push_back(list_ == kFp32Contents ? std::bit_cast<float>(static_cast<uint32_t>(bits))
                                            : std::bit_cast<double>(bits));
  }

  void append(Integers& values, uint64_t bits) const {
    auto value = static_cast<int64_t>(bits);
    if (list_ == kIntContents) value = static_cast<int32_t>(bits);
    if (list_ == kUintContents) value = static_cast<uint32_t>(bits);
    if (list_ == kBoolContents) value = bits != 0 ? 1 : 0;
    if (list_ != kUint64Contents && !holds(tensor_.datatype, value)) {
      throw BadRequest(fmt::format("input \"{}\": value {} of {} is {}, outside the range of {}",
                                   tensor_.name, values.size(), list_name(list_), value,
                                   datatype_name(tensor_.datatype)));
    }
    values.push_back(value);
  }

  [[noreturn]] void refuse_list(uint32_t list) const {
    throw BadRequest(fmt::format("input \"{}\" has {}; values of {} belong in {}", tensor_.name,
                                 list_name(list), datatype_name(tensor_.datatype),
                                 list_name(list_)));
  }

  const Tensor& tensor_;
  const uint32_t list_;
};

template <typename Number, typename Write>
void write_list(protobuf::WireWriter& writer, uint32_t list, const std::vector<Number>& values,
                Write write) {
  if (values.empty()) return;
  const auto open = writer.begin(list, values.size() * sizeof(Number));
  for (const Number value : values)
    write(value);
  writer.end(open);
}

void write_reals(protobuf::WireWriter& writer, const Tensor& tensor) {
  const bool is_float = tensor.datatype == Datatype::kFp32;
  write_list(writer, list_of(tensor.datatype), tensor.reals(), [&](double value) {
    if (is_float) {
      writer.fixed32(std::bit_cast<uint32_t>(static_cast<float>(value)));
    } else {
      writer.fixed64(std::bit_cast<uint64_t>(value));
    }
  });
}

}  // namespace

void read_typed_values(std::string_view contents, Tensor& tensor) {
  const size_t count = value_count(tensor);
  if (!has_typed_values(tensor.datatype)) {
    throw BadRequest(
        fmt::format("input \"{}\" is {}, which has no typed contents; send its "
                    "values in raw_input_contents",
                    tensor.name, datatype_name(tensor.datatype)));
  }
  // An honest request lists what its shape promises; a promise alone must not reserve memory.
  const size_t likely = std::min(count, contents.size());
  TypedList list(tensor);
  if (is_real(tensor.datatype)) {
    tensor.values = list.read<Reals>(contents, likely);
  } else if (tensor.datatype == Datatype::kBytes) {
    tensor.values = list.read<Texts>(contents, likely);
  } else {
    tensor.values = list.read<Integers>(contents, likely);
  }
  const size_t size = std::visit([](const auto& values) { return values.size(); }, tensor.values);
  if (size == count) return;
  throw BadRequest(fmt::format("input \"{}\" has {} {} in its contents; its shape {} holds {}",
                               tensor.name, size, size == 1 ? "value" : "values",
                               shape_text(tensor.shape), count));
}

bool has_typed_values(Datatype datatype) {
  return list_of(datatype) != 0;
}

void write_typed_values(protobuf::WireWriter& writer, const Tensor& tensor) {
  const uint32_t list = list_of(tensor.datatype);
  if (is_real(tensor.datatype)) {
    write_reals(writer, tensor);
  } else if (tensor.datatype == Datatype::kBytes) {
    for (const std::string& text : tensor.texts())
      writer.bytes_field(list, text);
  } else {
    write_list(writer, list, tensor.integers(),
               [&](int64_t value) { writer.varint(static_cast<uint64_t>(value)); });
  }
}

}  // namespace perigee
