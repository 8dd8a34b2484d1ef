#include "scripting/protobuf/message_decoder.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/utf8.h"
#include "scripting/json_codec.h"
#include "scripting/lua_state.h"
#include "scripting/protobuf/lua_number.h"
#include "scripting/protobuf/message_encoder.h"
#include "scripting/protobuf/well_known_decoder.h"
#include "scripting/values/wide_integer.h"

namespace perigee {

using protobuf::FieldKind;
using protobuf::FieldType;
using protobuf::WellKnownType;
using protobuf::WireCursor;
using protobuf::WireFault;
using protobuf::WireReader;
using protobuf::WireType;

class MessageDecoder::Step {
 public:
  Step(MessageDecoder& decoder, FieldStep step) : decoder_(decoder), step_(step) {
    step_.before = decoder.path_;
    decoder.path_ = &step_;
  }
  ~Step() { decoder_.path_ = step_.before; }
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;

 private:
  MessageDecoder& decoder_;
  FieldStep step_;
};

// A message on its way into a table.
struct MessageDecoder::Table {
  const MessagePlan& plan;
  std::string_view bytes;
  int table;                     // where on the stack it is; then come the names, then
  int names;                     //
  int list;                      // the list or map that was added to last
  size_t seen;                   // where what was seen of its fields begins
  size_t list_field = SIZE_MAX;  // whose list that is
  int length = 0;                // of it
};

namespace {

constexpr int kSlots = 12;  // of the stack, for each message
constexpr size_t kNoField = SIZE_MAX;

// How much of a field has been seen.
constexpr uint8_t kNothing = 0;
constexpr uint8_t kSome = 1;
constexpr uint8_t kAll = 2;  // a message in parts, which have been put together

// How many packed values these bytes are.
size_t count_packed(std::string_view bytes, WireType type) {
  if (type == WireType::kFixed64) return bytes.size() / 8;
  if (type == WireType::kFixed32) return bytes.size() / 4;
  return static_cast<size_t>(
      std::count_if(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) == 0; }));
}

uint64_t take_number(WireCursor& cursor, WireType type) {
  if (type == WireType::kVarint) return cursor.varint();
  return type == WireType::kFixed64 ? cursor.fixed64() : cursor.fixed32();
}

bool is_packable(const FieldType& type) {
  return type.wire_type != WireType::kLengthDelimited && type.wire_type != WireType::kGroupStart;
}

// Closed enums have no unknown values: such a field is an unknown one.
bool is_known(const FieldType& type, uint64_t bits) {
  return type.enumeration == nullptr || !type.enumeration->closed ||
         type.enumeration->find(static_cast<int32_t>(bits)) != nullptr;
}

}  // namespace

MessageDecoder::MessageDecoder(lua_State* L, MessagePlans& plans, std::vector<uint8_t>& seen)
    : L_(L), plans_(plans), seen_(seen), mark_(lua_gettop(L) + 1) {
  push_json_array_mark(L);
}

void MessageDecoder::refuse(std::string_view what) const {
  const std::string path = path_text(path_);
  throw DecodeError(path.empty() ? std::string(what) : fmt::format("{}: {}", path, what));
}

void MessageDecoder::check(const WireReader& reader) const {
  if (reader.failed()) refuse(describe(reader.fault()));
}

void MessageDecoder::push(std::string_view bytes, const MessagePlan& plan) {
  if (++depth_ > kMaxMessageDepth || lua_checkstack(L_, kSlots) == 0) {
    refuse("messages are nested too deeply");
  }
  if (plan.type().well_known == WellKnownType::kNone) {
    push_fields(bytes, plan);
  } else {
    push_well_known(*this, bytes, plan);
  }
  --depth_;
}

void MessageDecoder::push_fields(std::string_view bytes, const MessagePlan& plan) {
  lua_createtable(L_, 0, plan.always_there());
  const int top = lua_gettop(L_);
  plan.push_names(L_);
  lua_pushnil(L_);
  Table table{.plan = plan,
              .bytes = bytes,
              .table = top,
              .names = top + 1,
              .list = top + 2,
              .seen = seen_.size()};
  seen_.resize(seen_.size() + plan.fields().size(), kNothing);
  read_fields(bytes, table);
  add_defaults(table);
  seen_.resize(table.seen);
  lua_settop(L_, top);
}

void MessageDecoder::read_fields(std::string_view bytes, Table& table) {
  const protobuf::MessageType& type = table.plan.type();
  WireReader reader(bytes);
  while (reader.next()) {
    const FieldType* const field = type.find(reader.field());
    if (field != nullptr) take(reader, table, static_cast<size_t>(field - type.fields().data()));
  }
  check(reader);
}

// Takes a value of the field. One of another wire type is an unknown field.
void MessageDecoder::take(WireReader& reader, Table& table, size_t field) {
  const FieldPlan& plan = table.plan.field(field);
  const FieldType& type = *plan.type;
  const bool packed =
      type.repeated && is_packable(type) && reader.type() == WireType::kLengthDelimited;
  if (reader.type() != type.wire_type && !packed) return;
  const Step step(*this, FieldStep::to_field(type.name));
  if (!type.repeated) return take_single(reader, table, field);
  const Raw raw = packed ? Raw{0, reader.bytes()} : read(reader, type);
  check(reader);
  open_list(table, field, packed ? count_packed(raw.bytes, type.wire_type) : 0);
  if (packed) {
    take_packed(raw.bytes, table, plan);
  } else if (type.is_map()) {
    take_entry(raw.bytes, plan);
  } else {
    take_element(raw, table, plan);
  }
}

MessageDecoder::Raw MessageDecoder::read(WireReader& reader, const FieldType& type) {
  switch (type.wire_type) {
    case WireType::kVarint:
      return {reader.varint(), {}};
    case WireType::kFixed64:
      return {reader.fixed64(), {}};
    case WireType::kFixed32:
      return {reader.fixed32(), {}};
    case WireType::kLengthDelimited:
      return {0, reader.bytes()};
    default:
      return {0, reader.group()};
  }
}

void MessageDecoder::take_single(WireReader& reader, Table& table, size_t field) {
  const FieldType& type = *table.plan.field(field).type;
  const Raw raw = read(reader, type);
  check(reader);
  uint8_t& seen = seen_[table.seen + field];
  if (seen == kAll) return;
  if (type.message != nullptr && seen == kSome && type.oneof < 0) {
    seen = kAll;
    const std::string all = merged(table, type);
    return set_single(table, field, {0, all});
  }
  if (!is_known(type, raw.bits)) return;
  if (type.oneof >= 0) clear_oneof(table, field);
  seen = kSome;
  set_single(table, field, raw);
}

void MessageDecoder::set_single(Table& table, size_t field, const Raw& raw) {
  lua_rawgeti(L_, table.names, static_cast<int>(field + 1));
  push_value(table.plan.field(field), raw);
  lua_rawset(L_, table.table);
}

// Of the fields of a oneof the last one counts.
void MessageDecoder::clear_oneof(const Table& table, size_t field) {
  const int oneof = table.plan.field(field).type->oneof;
  for (size_t other = 0; other < table.plan.fields().size(); ++other) {
    uint8_t& seen = seen_[table.seen + other];
    if (seen == kNothing || table.plan.field(other).type->oneof != oneof) continue;
    seen = kNothing;
    lua_rawgeti(L_, table.names, static_cast<int>(other + 1));
    lua_pushnil(L_);
    lua_rawset(L_, table.table);
  }
}

// A message that comes in several parts is that of their bytes one after another.
std::string MessageDecoder::merged(const Table& table, const FieldType& type) const {
  std::string all;
  WireReader reader(table.bytes);
  while (reader.next()) {
    if (reader.field() == type.number && reader.type() == type.wire_type) {
      all += read(reader, type).bytes;
    }
  }
  return all;
}

// Puts the list or map of a field to its place on the stack.
void MessageDecoder::open_list(Table& table, size_t field, size_t likely_size) {
  if (table.list_field == field) return;
  lua_rawgeti(L_, table.names, static_cast<int>(field + 1));
  if (seen_[table.seen + field] == kNothing) {
    seen_[table.seen + field] = kSome;
    push_list(*table.plan.field(field).type, static_cast<int>(likely_size));
    lua_pushvalue(L_, -1);
    lua_replace(L_, table.list);
    lua_rawset(L_, table.table);
  } else {
    lua_rawget(L_, table.table);
    lua_replace(L_, table.list);
  }
  table.list_field = field;
  table.length = static_cast<int>(lua_objlen(L_, table.list));
}

void MessageDecoder::take_element(const Raw& raw, Table& table, const FieldPlan& field) {
  if (!is_known(*field.type, raw.bits)) return;
  const Step step(*this, FieldStep::to_position(static_cast<size_t>(table.length) + 1));
  push_value(field, raw);
  lua_rawseti(L_, table.list, ++table.length);
}

void MessageDecoder::take_packed(std::string_view bytes, Table& table, const FieldPlan& field) {
  const FieldType& type = *field.type;
  WireCursor cursor(bytes);
  while (!cursor.done()) {
    const uint64_t bits = take_number(cursor, type.wire_type);
    if (cursor.failed()) break;
    if (type.enumeration != nullptr) {
      take_element({bits, {}}, table, field);
    } else {
      push_number_bits(L_, bits, type.kind);
      lua_rawseti(L_, table.list, ++table.length);
    }
  }
  if (cursor.failed()) refuse(describe(cursor.fault()));
}

void MessageDecoder::take_entry(std::string_view bytes, const FieldPlan& field) {
  const FieldPlan& key = field.message->field(0);
  const FieldPlan& value = field.message->field(1);
  Raw raw_key;
  Raw raw_value;
  bool has_value = false;
  WireReader reader(bytes);
  while (reader.next()) {
    if (reader.field() == 1 && reader.type() == key.type->wire_type) {
      raw_key = read(reader, *key.type);
    } else if (reader.field() == 2 && reader.type() == value.type->wire_type) {
      raw_value = read(reader, *value.type);
      has_value = true;
    }
  }
  check(reader);
  push_map_key(*key.type, raw_key);
  const std::string other = key.type->kind == FieldKind::kString ? "" : key_text(L_, -1);
  const Step step(*this,
                  FieldStep::to_key(other.empty() ? raw_key.bytes : std::string_view(other)));
  if (has_value || value.type->message != nullptr) {
    push_value(value, raw_value);
  } else {
    push_default(value);
  }
  lua_rawset(L_, -3);
}

void MessageDecoder::push_map_key(const FieldType& type, const Raw& raw) {
  if (type.kind == FieldKind::kString) return push_text(type, raw.bytes);
  push_number_bits(L_, raw.bits, type.kind);
  // No two integers of 64 bits are the same key.
  if (const auto wide = wide_integer_at(L_, -1)) {
    lua_pop(L_, 1);
    push_view(L_, wide->text());
  }
}

void MessageDecoder::push_value(const FieldPlan& field, const Raw& raw) {
  const FieldType& type = *field.type;
  if (field.message != nullptr) {
    push(raw.bytes, *field.message);
  } else if (type.wire_type == WireType::kLengthDelimited) {
    push_text(type, raw.bytes);
  } else if (type.enumeration != nullptr) {
    push_enum(*type.enumeration, raw.bits);
  } else {
    push_number_bits(L_, raw.bits, type.kind);
  }
}

void MessageDecoder::push_text(const FieldType& type, std::string_view text) {
  if (type.must_be_utf8 && !is_utf8(text)) refuse("a string that is not UTF-8");
  push_view(L_, text);
}

void MessageDecoder::push_enum(const protobuf::EnumType& enumeration, uint64_t bits) {
  const auto number = static_cast<int32_t>(bits);
  if (enumeration.null_value) return push_json_null(L_);
  if (const protobuf::EnumValue* const value = enumeration.find(number)) {
    push_view(L_, value->name);
  } else {
    lua_pushnumber(L_, number);
  }
}

void MessageDecoder::push_default(const FieldPlan& field) {
  const FieldType& type = *field.type;
  if (type.repeated) {
    push_list(type, 0);
  } else if (field.message != nullptr) {
    push({}, *field.message);
  } else {
    push_value(field, {});
  }
}

// Pushes the empty table of a list or a map.
void MessageDecoder::push_list(const FieldType& type, int likely_size) {
  lua_createtable(L_, likely_size, 0);
  if (type.is_map()) return;
  lua_pushvalue(L_, mark_);
  lua_setmetatable(L_, -2);
}

void MessageDecoder::add_defaults(const Table& table) {
  const std::vector<FieldPlan>& fields = table.plan.fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (seen_[table.seen + i] != kNothing) continue;
    const FieldType& type = *fields[i].type;
    if (type.required) {
      refuse(
          fmt::format("{} is missing, which {} requires", type.name, table.plan.type().full_name));
    }
    if (type.has_presence) continue;
    lua_rawgeti(L_, table.names, static_cast<int>(i + 1));
    push_default(fields[i]);
    lua_rawset(L_, table.table);
  }
}

}  // namespace perigee
