#include "scripting/protobuf/well_known_decoder.h"

#include <optional>
#include <string>

#include "engine/protobuf/field_mask.h"
#include "engine/protobuf/time_value.h"
#include "engine/protobuf/type_set.h"
#include "scripting/json_codec.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

using protobuf::FieldType;
using protobuf::TimeValue;
using protobuf::WellKnownType;
using protobuf::WireReader;
using protobuf::WireType;

using TimeText = std::optional<std::string> (*)(TimeValue);

// A text; what has none, because it is out of range, as a table of seconds and nanos.
void push_time(MessageDecoder& decoder, std::string_view bytes, const MessagePlan& plan,
               TimeText text_of) {
  TimeValue value;
  WireReader reader(bytes);
  while (reader.next()) {
    if (reader.type() != WireType::kVarint) continue;
    if (reader.field() == 1) value.seconds = static_cast<int64_t>(reader.varint());
    if (reader.field() == 2) value.nanos = static_cast<int32_t>(reader.varint());
  }
  decoder.check(reader);
  const std::optional<std::string> text = text_of(value);
  if (!text) return decoder.push_fields(bytes, plan);
  push_view(decoder.state(), *text);
}

void push_mask(MessageDecoder& decoder, std::string_view bytes) {
  std::string text;
  WireReader reader(bytes);
  while (reader.next()) {
    if (reader.field() != 1 || reader.type() != WireType::kLengthDelimited) continue;
    if (!text.empty()) text += ',';
    text += protobuf::json_path_of(reader.bytes());
  }
  decoder.check(reader);
  push_view(decoder.state(), text);
}

void push_wrapped(MessageDecoder& decoder, std::string_view bytes, const MessagePlan& plan) {
  const FieldPlan& field = plan.field(0);
  MessageDecoder::Raw raw;
  WireReader reader(bytes);
  while (reader.next()) {
    if (reader.field() == 1 && reader.type() == field.type->wire_type) {
      raw = MessageDecoder::read(reader, *field.type);
    }
  }
  decoder.check(reader);
  decoder.push_value(field, raw);
}

// The one field of a Struct or a ListValue.
void push_values(MessageDecoder& decoder, std::string_view bytes, const MessagePlan& plan) {
  lua_State* const L = decoder.state();
  decoder.push_fields(bytes, plan);
  push_view(L, plan.field(0).type->name);
  lua_rawget(L, -2);
  lua_remove(L, -2);
}

// Null where nothing is set, which JSON has no other word for.
void push_any_value(MessageDecoder& decoder, std::string_view bytes, const MessagePlan& plan) {
  const FieldPlan* set = &plan.field(0);
  MessageDecoder::Raw raw;
  WireReader reader(bytes);
  while (reader.next()) {
    const FieldType* const type = plan.type().find(reader.field());
    if (type == nullptr || type->wire_type != reader.type()) continue;
    set = &plan.field(static_cast<size_t>(type - plan.type().fields().data()));
    raw = MessageDecoder::read(reader, *type);
  }
  decoder.check(reader);
  decoder.push_value(*set, raw);
}

struct AnyContent {
  std::string_view url;
  std::string_view bytes;
};

AnyContent read_any(MessageDecoder& decoder, std::string_view bytes) {
  AnyContent content;
  WireReader reader(bytes);
  while (reader.next()) {
    if (reader.type() != WireType::kLengthDelimited) continue;
    if (reader.field() == 1) content.url = reader.bytes();
    if (reader.field() == 2) content.bytes = reader.bytes();
  }
  decoder.check(reader);
  return content;
}

// The fields of the message with its type as "@type"; of a type that the schema does not have, a
// table of `type_url` and `value`.
void push_any(MessageDecoder& decoder, std::string_view bytes, const MessagePlan& plan) {
  const AnyContent content = read_any(decoder, bytes);
  const protobuf::MessageType* const type =
      plan.type().types->find_message(content.url.substr(content.url.rfind('/') + 1));
  if (type == nullptr) return decoder.push_fields(bytes, plan);
  lua_State* const L = decoder.state();
  const MessagePlan& inner = decoder.plans().of(*type);
  if (type->well_known == WellKnownType::kNone) {
    decoder.push(content.bytes, inner);
  } else {
    lua_createtable(L, 0, 2);
    decoder.push(content.bytes, inner);
    lua_setfield(L, -2, "value");
  }
  lua_pushliteral(L, "@type");
  push_view(L, content.url);
  lua_rawset(L, -3);
}

}  // namespace

void push_well_known(MessageDecoder& decoder, std::string_view bytes, const MessagePlan& plan) {
  switch (plan.type().well_known) {
    case WellKnownType::kTimestamp:
      return push_time(decoder, bytes, plan, protobuf::timestamp_text);
    case WellKnownType::kDuration:
      return push_time(decoder, bytes, plan, protobuf::duration_text);
    case WellKnownType::kFieldMask:
      return push_mask(decoder, bytes);
    case WellKnownType::kWrapper:
      return push_wrapped(decoder, bytes, plan);
    case WellKnownType::kStruct:
    case WellKnownType::kListValue:
      return push_values(decoder, bytes, plan);
    case WellKnownType::kValue:
      return push_any_value(decoder, bytes, plan);
    case WellKnownType::kAny:
      return push_any(decoder, bytes, plan);
    case WellKnownType::kNone:
      return decoder.push_fields(bytes, plan);
  }
}

}  // namespace perigee
