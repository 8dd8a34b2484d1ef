#include "modules/avro/default_value.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "modules/avro/value_writer.h"

namespace perigee::avro {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const Type& type, const json& value) {
  throw std::runtime_error(fmt::format("{} is no {}", value.dump(), type.name));
}

// Code points up to U+00FF, which UTF-8 writes as one byte or two, as one byte each.
std::string bytes_of(const Type& type, const json& value) {
  const auto& text = value.get_ref<const std::string&>();
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto unit = static_cast<unsigned char>(text[i]);
    if (unit < 0x80) {
      bytes += text[i];
    } else if ((unit == 0xc2 || unit == 0xc3) && i + 1 < text.size()) {
      const auto next = static_cast<unsigned char>(text[++i]);
      bytes += static_cast<char>((unit & 0x03) << 6 | (next & 0x3f));
    } else {
      refuse(type, value);
    }
  }
  if (type.kind == Kind::kFixed && bytes.size() != type.size) refuse(type, value);
  return bytes;
}

int64_t whole(const Type& type, const json& value) {
  if (!value.is_number_integer()) refuse(type, value);
  const auto number = value.get<int64_t>();
  if (type.kind == Kind::kInt && number != static_cast<int32_t>(number)) refuse(type, value);
  return number;
}

int64_t symbol(const Type& type, const json& value) {
  const auto found = std::find(type.symbols.begin(), type.symbols.end(), value.get<std::string>());
  if (found == type.symbols.end()) refuse(type, value);
  return found - type.symbols.begin();
}

void write(ValueWriter& writer, const Type& type, const json& value);

void write_record(ValueWriter& writer, const Type& type, const json& value) {
  if (!value.is_object()) refuse(type, value);
  for (const Field& field : type.fields) {
    const auto found = value.find(field.name);
    if (found != value.end()) {
      write(writer, *field.type, *found);
    } else if (field.default_bytes) {
      writer.raw(*field.default_bytes);
    } else {
      refuse(type, value);
    }
  }
}

void write_items(ValueWriter& writer, const Type& type, const json& value) {
  const bool map = type.kind == Kind::kMap;
  if (map ? !value.is_object() : !value.is_array()) refuse(type, value);
  if (!value.empty()) writer.whole(static_cast<int64_t>(value.size()));
  for (const auto& [key, item] : value.items()) {
    if (map) writer.bytes(key);
    write(writer, *type.parts[0], item);
  }
  writer.whole(0);
}

void write(ValueWriter& writer, const Type& type, const json& value) {
  switch (type.kind) {
    case Kind::kNull:
      if (!value.is_null()) refuse(type, value);
      return;
    case Kind::kBoolean:
      return writer.boolean(value.get<bool>());
    case Kind::kInt:
    case Kind::kLong:
      return writer.whole(whole(type, value));
    case Kind::kFloat:
      return writer.float_bits(std::bit_cast<uint32_t>(value.get<float>()));
    case Kind::kDouble:
      return writer.double_bits(std::bit_cast<uint64_t>(value.get<double>()));
    case Kind::kBytes:
      return writer.bytes(bytes_of(type, value));
    case Kind::kFixed:
      return writer.raw(bytes_of(type, value));
    case Kind::kString:
      return writer.bytes(value.get_ref<const std::string&>());
    case Kind::kEnum:
      return writer.whole(symbol(type, value));
    case Kind::kRecord:
      return write_record(writer, type, value);
    case Kind::kUnion:
      writer.whole(0);
      return write(writer, *type.parts.at(0), value);
    default:
      return write_items(writer, type, value);
  }
}

}  // namespace

std::string default_bytes(const Type& type, const json& value) {
  std::string bytes;
  ValueWriter writer(bytes);
  write(writer, type, value);
  return bytes;
}

}  // namespace perigee::avro
