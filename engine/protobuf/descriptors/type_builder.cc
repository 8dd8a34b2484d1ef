#include "engine/protobuf/descriptors/type_builder.h"

#include <array>
#include <map>
#include <utility>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

namespace perigee::protobuf {
namespace {

namespace pb = google::protobuf;

constexpr std::array<std::pair<std::string_view, WellKnownType>, 16> kWellKnown{{
    {"google.protobuf.Any", WellKnownType::kAny},
    {"google.protobuf.Timestamp", WellKnownType::kTimestamp},
    {"google.protobuf.Duration", WellKnownType::kDuration},
    {"google.protobuf.FieldMask", WellKnownType::kFieldMask},
    {"google.protobuf.Struct", WellKnownType::kStruct},
    {"google.protobuf.Value", WellKnownType::kValue},
    {"google.protobuf.ListValue", WellKnownType::kListValue},
    {"google.protobuf.DoubleValue", WellKnownType::kWrapper},
    {"google.protobuf.FloatValue", WellKnownType::kWrapper},
    {"google.protobuf.Int64Value", WellKnownType::kWrapper},
    {"google.protobuf.UInt64Value", WellKnownType::kWrapper},
    {"google.protobuf.Int32Value", WellKnownType::kWrapper},
    {"google.protobuf.UInt32Value", WellKnownType::kWrapper},
    {"google.protobuf.BoolValue", WellKnownType::kWrapper},
    {"google.protobuf.StringValue", WellKnownType::kWrapper},
    {"google.protobuf.BytesValue", WellKnownType::kWrapper},
}};

WellKnownType well_known(std::string_view full_name) {
  for (const auto& [name, type] : kWellKnown) {
    if (name == full_name) return type;
  }
  return WellKnownType::kNone;
}

FieldKind kind_of(const pb::FieldDescriptor& field) {
  switch (field.type()) {
    case pb::FieldDescriptor::TYPE_DOUBLE:
      return FieldKind::kDouble;
    case pb::FieldDescriptor::TYPE_FLOAT:
      return FieldKind::kFloat;
    case pb::FieldDescriptor::TYPE_INT64:
      return FieldKind::kInt64;
    case pb::FieldDescriptor::TYPE_UINT64:
      return FieldKind::kUint64;
    case pb::FieldDescriptor::TYPE_INT32:
      return FieldKind::kInt32;
    case pb::FieldDescriptor::TYPE_FIXED64:
      return FieldKind::kFixed64;
    case pb::FieldDescriptor::TYPE_FIXED32:
      return FieldKind::kFixed32;
    case pb::FieldDescriptor::TYPE_BOOL:
      return FieldKind::kBool;
    case pb::FieldDescriptor::TYPE_STRING:
      return FieldKind::kString;
    case pb::FieldDescriptor::TYPE_GROUP:
      return FieldKind::kGroup;
    case pb::FieldDescriptor::TYPE_MESSAGE:
      return FieldKind::kMessage;
    case pb::FieldDescriptor::TYPE_BYTES:
      return FieldKind::kBytes;
    case pb::FieldDescriptor::TYPE_UINT32:
      return FieldKind::kUint32;
    case pb::FieldDescriptor::TYPE_ENUM:
      return FieldKind::kEnum;
    case pb::FieldDescriptor::TYPE_SFIXED32:
      return FieldKind::kSfixed32;
    case pb::FieldDescriptor::TYPE_SFIXED64:
      return FieldKind::kSfixed64;
    case pb::FieldDescriptor::TYPE_SINT32:
      return FieldKind::kSint32;
    case pb::FieldDescriptor::TYPE_SINT64:
      return FieldKind::kSint64;
  }
  return FieldKind::kBytes;
}

bool is_proto3(const pb::FileDescriptor& file) {
  return file.syntax() == pb::FileDescriptor::SYNTAX_PROTO3;
}

class Builder {
 public:
  explicit Builder(TypeSet& types) : types_(types) {}

  // First all types, so that fields find them.
  void declare(const pb::FileDescriptor& file) {
    for (int i = 0; i < file.message_type_count(); ++i)
      declare(*file.message_type(i));
    for (int i = 0; i < file.enum_type_count(); ++i)
      declare(*file.enum_type(i));
    for (int i = 0; i < file.extension_count(); ++i)
      extensions_[file.extension(i)->containing_type()].push_back(file.extension(i));
  }

  void fill() {
    for (const pb::Descriptor* message : messages_)
      fill(*message);
  }

  void add_services(const pb::FileDescriptor& file) {
    for (int i = 0; i < file.service_count(); ++i)
      add(*file.service(i));
  }

 private:
  void declare(const pb::Descriptor& message) {
    messages_.push_back(&message);
    MessageType& type = types_.messages[message.full_name()];
    type.full_name = message.full_name();
    type.well_known = well_known(type.full_name);
    type.map_entry = message.options().map_entry();
    type.types = &types_;
    for (int i = 0; i < message.nested_type_count(); ++i)
      declare(*message.nested_type(i));
    for (int i = 0; i < message.enum_type_count(); ++i)
      declare(*message.enum_type(i));
    for (int i = 0; i < message.extension_count(); ++i)
      extensions_[message.extension(i)->containing_type()].push_back(message.extension(i));
  }

  void declare(const pb::EnumDescriptor& enumeration) {
    EnumType& type = types_.enums[enumeration.full_name()];
    type.full_name = enumeration.full_name();
    type.closed = !is_proto3(*enumeration.file());
    type.null_value = type.full_name == "google.protobuf.NullValue";
    std::vector<EnumValue> values;
    for (int i = 0; i < enumeration.value_count(); ++i)
      values.push_back({enumeration.value(i)->name(), enumeration.value(i)->number()});
    type.set_values(std::move(values));
  }

  void fill(const pb::Descriptor& message) {
    MessageType& type = types_.messages[message.full_name()];
    for (int i = 0; i < message.real_oneof_decl_count(); ++i)
      type.oneofs.push_back(message.oneof_decl(i)->name());
    std::vector<FieldType> fields;
    for (int i = 0; i < message.field_count(); ++i)
      fields.push_back(field_of(*message.field(i)));
    for (const pb::FieldDescriptor* extension : extensions_[&message])
      fields.push_back(field_of(*extension));
    type.set_fields(std::move(fields));
  }

  FieldType field_of(const pb::FieldDescriptor& field) {
    FieldType type;
    type.name = field.is_extension() ? "[" + field.full_name() + "]" : field.name();
    type.json_name = field.is_extension() ? type.name : field.json_name();
    type.number = static_cast<uint32_t>(field.number());
    type.kind = kind_of(field);
    type.wire_type = wire_type_of(type.kind);
    type.repeated = field.is_repeated();
    type.packed = field.is_packed();
    type.required = field.is_required();
    type.has_presence = field.has_presence();
    type.must_be_utf8 = type.kind == FieldKind::kString && is_proto3(*field.file());
    const pb::OneofDescriptor* const oneof = field.real_containing_oneof();
    if (oneof != nullptr) type.oneof = oneof->index();
    if (field.message_type() != nullptr)
      type.message = types_.find_message(field.message_type()->full_name());
    if (field.enum_type() != nullptr)
      type.enumeration = types_.find_enum(field.enum_type()->full_name());
    return type;
  }

  void add(const pb::ServiceDescriptor& service) {
    ServiceType& type = types_.services[service.full_name()];
    type.full_name = service.full_name();
    for (int i = 0; i < service.method_count(); ++i) {
      const pb::MethodDescriptor& method = *service.method(i);
      type.methods.push_back({
          .service = type.full_name,
          .name = method.name(),
          .path = "/" + type.full_name + "/" + method.name(),
          .input = types_.find_message(method.input_type()->full_name()),
          .output = types_.find_message(method.output_type()->full_name()),
          .client_streaming = method.client_streaming(),
          .server_streaming = method.server_streaming(),
      });
    }
  }

  TypeSet& types_;
  std::vector<const pb::Descriptor*> messages_;
  std::map<const pb::Descriptor*, std::vector<const pb::FieldDescriptor*>> extensions_;
};

}  // namespace

void build_types(const std::vector<const pb::FileDescriptor*>& files, TypeSet& types) {
  Builder builder(types);
  for (const pb::FileDescriptor* file : files)
    builder.declare(*file);
  builder.fill();
  for (const pb::FileDescriptor* file : files)
    builder.add_services(*file);
}

}  // namespace perigee::protobuf
