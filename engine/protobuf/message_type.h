// A message of a schema as a plan for encoding and decoding: made once, plain data from then on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/protobuf/enum_type.h"
#include "engine/protobuf/wire_type.h"

namespace perigee::protobuf {

class MessageType;
class TypeSet;

enum class FieldKind : uint8_t {
  kDouble,
  kFloat,
  kInt32,
  kInt64,
  kUint32,
  kUint64,
  kSint32,
  kSint64,
  kFixed32,
  kFixed64,
  kSfixed32,
  kSfixed64,
  kBool,
  kString,
  kBytes,
  kEnum,
  kMessage,
  kGroup,
};

// As a .proto writes it: "int32", "bytes"; "message", "enum" and "group" for those that have a
// name.
std::string_view name_of(FieldKind kind);
WireType wire_type_of(FieldKind kind);

struct FieldType {
  std::string name;  // an extension's is "[package.name]"
  std::string json_name;
  uint32_t number = 0;
  FieldKind kind = FieldKind::kInt32;
  WireType wire_type = WireType::kVarint;  // of one value, even where the field is packed
  bool repeated = false;                   // maps are, too
  bool packed = false;
  bool required = false;
  // Whether "not set" differs from having the default, which without it is zero or empty.
  bool has_presence = false;
  // Strings of proto3 are UTF-8; proto2 does not look.
  bool must_be_utf8 = false;
  int oneof = -1;                         // an index of the message's oneofs; -1 if it is in none
  const MessageType* message = nullptr;   // of messages, groups and maps
  const EnumType* enumeration = nullptr;  // of enums

  bool is_map() const;
};

// Messages that JSON writes in a dress of their own.
enum class WellKnownType : uint8_t {
  kNone,
  kAny,
  kTimestamp,
  kDuration,
  kFieldMask,
  kStruct,
  kValue,
  kListValue,
  kWrapper,  // the field `value` alone: Int64Value, StringValue, ...
};

class MessageType {
 public:
  std::string full_name;
  std::vector<std::string> oneofs;
  WellKnownType well_known = WellKnownType::kNone;
  // The entry of a map: field 1 is its key, field 2 its value.
  bool map_entry = false;
  bool has_required = false;
  // Where the types are that an Any may hold.
  const TypeSet* types = nullptr;

  // Must be called once.
  void set_fields(std::vector<FieldType> fields);
  // In the order of their numbers.
  const std::vector<FieldType>& fields() const { return fields_; }
  // By the name in the .proto or that in JSON; null if there is none.
  const FieldType* find(std::string_view name) const;
  const FieldType* find(uint32_t number) const;
  // The names in the .proto.
  std::vector<std::string_view> field_names() const;

 private:
  std::vector<FieldType> fields_;
  std::vector<std::pair<std::string_view, size_t>> by_name_;
};

inline bool FieldType::is_map() const {
  return message != nullptr && message->map_entry;
}

}  // namespace perigee::protobuf
