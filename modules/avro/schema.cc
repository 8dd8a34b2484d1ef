#include "modules/avro/schema.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "modules/avro/default_value.h"
#include "modules/avro/library.h"

// libavro reads the schema, with all that names and namespaces mean; what it leaves out, the
// defaults of fields, is taken from the JSON beside it. Values go by a reader of our own, with
// bounds on the lengths that bytes claim.

namespace perigee::avro {
namespace {

using nlohmann::json;

Kind kind_of(avro_schema_t schema) {
  switch (avro_typeof(schema)) {
    case AVRO_BOOLEAN:
      return Kind::kBoolean;
    case AVRO_INT32:
      return Kind::kInt;
    case AVRO_INT64:
      return Kind::kLong;
    case AVRO_FLOAT:
      return Kind::kFloat;
    case AVRO_DOUBLE:
      return Kind::kDouble;
    case AVRO_BYTES:
      return Kind::kBytes;
    case AVRO_STRING:
      return Kind::kString;
    case AVRO_RECORD:
      return Kind::kRecord;
    case AVRO_ENUM:
      return Kind::kEnum;
    case AVRO_FIXED:
      return Kind::kFixed;
    case AVRO_ARRAY:
      return Kind::kArray;
    case AVRO_MAP:
      return Kind::kMap;
    case AVRO_UNION:
      return Kind::kUnion;
    default:
      return Kind::kNull;
  }
}

std::string full_name(avro_schema_t schema) {
  switch (kind_of(schema)) {
    case Kind::kRecord:
    case Kind::kEnum:
    case Kind::kFixed:
      break;
    default:
      return avro_schema_type_name(schema);
  }
  const char* const space = avro_schema_namespace(schema);
  const std::string name = avro_schema_name(schema);
  return space == nullptr || *space == '\0' ? name : fmt::format("{}.{}", space, name);
}

// {"type": {"type": "array", ...}} is what lies inside.
const json& inner(const json& text) {
  const json* at = &text;
  while (at->is_object() && at->contains("type") && !(*at)["type"].is_string())
    at = &(*at)["type"];
  return *at;
}

class SchemaReader {
 public:
  explicit SchemaReader(std::deque<Type>& types) : types_(types) {}

  // `text` is the schema's JSON.
  const Type* read(avro_schema_t schema, const json& text) {
    if (avro_typeof(schema) == AVRO_LINK) return named_.at(avro_schema_link_target(schema));
    Type& type = types_.emplace_back();
    type.kind = kind_of(schema);
    type.name = full_name(schema);
    named_[schema] = &type;
    read_parts(schema, inner(text), type);
    return &type;
  }

 private:
  void read_parts(avro_schema_t schema, const json& text, Type& type) {
    switch (type.kind) {
      case Kind::kRecord:
        return read_fields(schema, text, type);
      case Kind::kEnum:
        for (int i = 0; i < avro_schema_enum_number_of_symbols(schema); ++i)
          type.symbols.emplace_back(avro_schema_enum_get(schema, i));
        return;
      case Kind::kFixed:
        type.size = static_cast<size_t>(avro_schema_fixed_size(schema));
        return;
      case Kind::kArray:
        type.parts.push_back(read(avro_schema_array_items(schema), text.at("items")));
        return;
      case Kind::kMap:
        type.parts.push_back(read(avro_schema_map_values(schema), text.at("values")));
        return;
      case Kind::kUnion:
        for (size_t i = 0; i < avro_schema_union_size(schema); ++i)
          type.parts.push_back(
              read(avro_schema_union_branch(schema, static_cast<int>(i)), text.at(i)));
        return;
      default:
        return;
    }
  }

  void read_fields(avro_schema_t schema, const json& text, Type& type) {
    const json& fields = text.at("fields");
    for (size_t i = 0; i < avro_schema_record_size(schema); ++i) {
      const json& entry = fields.at(i);
      const int index = static_cast<int>(i);
      Field field{
          .name = avro_schema_record_field_name(schema, index),
          .type = read(avro_schema_record_field_get_by_index(schema, index), entry.at("type"))};
      const auto value = entry.find("default");
      if (value != entry.end()) field.default_bytes = read_default(field, *value);
      type.fields.push_back(std::move(field));
    }
  }

  static std::string read_default(const Field& field, const json& value) try {
    return default_bytes(*field.type, value);
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("the default of the field \"{}\" is not of its type: {}",
                                         field.name, error.what()));
  }

  std::deque<Type>& types_;
  std::map<avro_schema_t, const Type*> named_;
};

}  // namespace

bool Type::takes_null() const {
  if (kind != Kind::kUnion) return kind == Kind::kNull;
  return std::any_of(parts.begin(), parts.end(),
                     [](const Type* part) { return part->kind == Kind::kNull; });
}

Schema::Schema(std::string_view text) {
  avro_schema_t parsed = nullptr;
  if (avro_schema_from_json_length(text.data(), text.size(), &parsed) != 0) {
    throw std::runtime_error(fmt::format("this is no schema: {}", avro_strerror()));
  }
  const SchemaPtr schema(parsed);
  try {
    root_ = SchemaReader(types_).read(schema.get(), json::parse(text));
  } catch (const json::exception& error) {
    throw std::runtime_error(fmt::format("this is no schema: {}", error.what()));
  }
}

}  // namespace perigee::avro
