#include "scripting/protobuf/message_encoder.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "engine/base/suggest.h"
#include "engine/base/utf8.h"
#include "scripting/json_codec.h"
#include "scripting/lua_state.h"
#include "scripting/protobuf/lua_number.h"
#include "scripting/protobuf/well_known_encoder.h"

namespace perigee {

using protobuf::FieldKind;
using protobuf::FieldType;
using protobuf::WellKnownType;
using protobuf::WireType;
using protobuf::WireWriter;

// Takes the encoder's path a step further for as long as it lives.
class MessageEncoder::Step {
 public:
  Step(MessageEncoder& encoder, FieldStep step) : encoder_(encoder), step_(step) {
    step_.before = encoder.path_;
    encoder.path_ = &step_;
  }
  ~Step() { encoder_.path_ = step_.before; }
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;

 private:
  MessageEncoder& encoder_;
  FieldStep step_;
};

namespace {

constexpr int kSlots = 10;  // of the stack, for what a message needs beside its fields

// "int64", "inference.InferParameter", ...
std::string type_name(const FieldType& type) {
  if (type.message != nullptr) return type.message->full_name;
  if (type.enumeration != nullptr) return type.enumeration->full_name;
  return std::string(protobuf::name_of(type.kind));
}

// The bytes that a packed element takes, or at least.
size_t size_of_one(WireType type) {
  if (type == WireType::kFixed64) return sizeof(uint64_t);
  return type == WireType::kFixed32 ? sizeof(uint32_t) : 1;
}

}  // namespace

void MessageEncoder::refuse(const std::string& what) const {
  const std::string path = path_text(path_);
  throw EncodeError(path.empty() ? what : fmt::format("{}: {}", path, what));
}

void MessageEncoder::refuse_value(int index, std::string_view expected) const {
  refuse(fmt::format("expected {}, found {}", expected, shown_value(L_, index)));
}

void MessageEncoder::message(int index, const MessagePlan& plan) {
  if (++depth_ > kMaxMessageDepth || lua_checkstack(L_, kSlots) == 0) {
    refuse("messages are nested too deeply, or a table contains itself");
  }
  if (plan.type().well_known != WellKnownType::kNone) {
    encode_well_known(*this, index, plan);
  } else if (lua_istable(L_, index)) {
    fields(index, plan);
  } else {
    refuse_value(index, fmt::format("a table for {}", plan.type().full_name));
  }
  --depth_;
}

void MessageEncoder::fields(int table, const MessagePlan& plan, bool in_any) {
  const int top = lua_gettop(L_);
  const size_t begin = scratch_.sets.size();
  collect(table, plan, in_any);
  check_sets(plan, begin);
  const size_t end = scratch_.sets.size();
  for (size_t i = begin; i < end; ++i) {
    const EncoderScratch::Set set = scratch_.sets[i];
    const FieldPlan& field = plan.field(set.field);
    const Step step(*this, FieldStep::to_field(field.type->name));
    value(field, set.value);
  }
  scratch_.sets.resize(begin);
  lua_settop(L_, top);
}

// Leaves the values of the fields on the stack, whose indexes are in the scratch, in the order of
// the fields' numbers.
void MessageEncoder::collect(int table, const MessagePlan& plan, bool in_any) {
  const size_t begin = scratch_.sets.size();
  const size_t most = plan.fields().size();
  if (lua_checkstack(L_, static_cast<int>(most) + kSlots) == 0) {
    refuse("messages are nested too deeply");
  }
  int value = lua_gettop(L_) + 1;
  // One more than there are is one field twice, which is refused when they have been collected.
  for (lua_pushnil(L_); scratch_.sets.size() - begin <= most && lua_next(L_, table) != 0;) {
    const int field = lua_type(L_, value) == LUA_TSTRING ? plan.find(lua_tostring(L_, value)) : -1;
    if (field < 0) {
      if (!in_any || lua_type(L_, value) != LUA_TSTRING || view_at(L_, value) != "@type") {
        refuse_key(value, plan);
      }
      lua_pop(L_, 1);
    } else if (is_json_null(L_, -1) && !may_be_null(*plan.field(static_cast<size_t>(field)).type)) {
      lua_pop(L_, 1);
    } else {
      scratch_.sets.push_back({static_cast<size_t>(field), value});
      lua_insert(L_, value++);  // below its key, which goes on
    }
  }
  const auto by_field = [](const auto& a, const auto& b) { return a.field < b.field; };
  const auto first = scratch_.sets.begin() + static_cast<std::ptrdiff_t>(begin);
  if (!std::is_sorted(first, scratch_.sets.end(), by_field)) {
    std::sort(first, scratch_.sets.end(), by_field);
  }
}

// Whether JSON's null is a value of the field, and not its absence.
bool MessageEncoder::may_be_null(const FieldType& type) const {
  if (type.repeated) return false;
  return type.message != nullptr ? type.message->well_known == WellKnownType::kValue
                                 : type.enumeration != nullptr && type.enumeration->null_value;
}

void MessageEncoder::check_sets(const MessagePlan& plan, size_t begin) const {
  const protobuf::MessageType& type = plan.type();
  const auto type_of = [&](size_t i) -> const FieldType& {
    return *plan.field(scratch_.sets[i].field).type;
  };
  for (size_t i = begin + 1; i < scratch_.sets.size(); ++i) {
    const FieldType& field = type_of(i);
    if (&field == &type_of(i - 1)) {
      refuse(fmt::format("{} and {} are the same field: set one of them", field.name,
                         field.json_name));
    }
    for (size_t other = begin; field.oneof >= 0 && other < i; ++other) {
      if (type_of(other).oneof != field.oneof) continue;
      refuse(fmt::format("{} and {} are both of the oneof {}: set one of them", type_of(other).name,
                         field.name, type.oneofs[static_cast<size_t>(field.oneof)]));
    }
  }
  if (type.has_required) check_required(plan, begin);
}

void MessageEncoder::check_required(const MessagePlan& plan, size_t begin) const {
  size_t set = begin;
  for (size_t i = 0; i < plan.fields().size(); ++i) {
    while (set < scratch_.sets.size() && scratch_.sets[set].field < i)
      ++set;
    const bool is_set = set < scratch_.sets.size() && scratch_.sets[set].field == i;
    const FieldType& type = *plan.field(i).type;
    if (type.required && !is_set) {
      refuse(fmt::format("{} is required in {}", type.name, plan.type().full_name));
    }
  }
}

void MessageEncoder::refuse_key(int key, const MessagePlan& plan) const {
  if (lua_type(L_, key) != LUA_TSTRING) {
    refuse(fmt::format("expected the names of {}'s fields, found {} as a key",
                       plan.type().full_name, shown_value(L_, key)));
  }
  const std::string_view name = view_at(L_, key);
  refuse(fmt::format("there is no field \"{}\" in {}{}", name, plan.type().full_name,
                     did_you_mean(name, plan.type().field_names())));
}

void MessageEncoder::value(const FieldPlan& field, int index) {
  if (!field.type->repeated) {
    single(field, index, !field.type->has_presence);
  } else if (field.type->is_map()) {
    map(field, index);
  } else {
    list(field, index);
  }
}

void MessageEncoder::list(const FieldPlan& field, int index) {
  const FieldType& type = *field.type;
  if (!lua_istable(L_, index)) refuse_value(index, fmt::format("a list of {}", type_name(type)));
  const size_t length = lua_objlen(L_, index);
  check_list(index, length, type);
  if (length == 0) return;
  if (type.packed) {
    packed(type, index, length);
  } else {
    elements(field, index, length);
  }
}

// A table with other keys than those of a list is none.
void MessageEncoder::check_list(int index, size_t length, const FieldType& type) const {
  if (length == 0) {
    lua_pushnil(L_);
  } else {
    lua_pushinteger(L_, static_cast<lua_Integer>(length));
  }
  // Behind the last element there is nothing, unless elements lie in the table in another order.
  if (lua_next(L_, index) == 0) return;
  lua_pop(L_, 2);
  for (lua_pushnil(L_); lua_next(L_, index) != 0; lua_pop(L_, 1)) {
    const int key = lua_gettop(L_) - 1;
    const double position = lua_type(L_, key) == LUA_TNUMBER ? lua_tonumber(L_, key) : 0;
    if (position >= 1 && position <= static_cast<double>(length) &&
        position == static_cast<double>(static_cast<size_t>(position))) {
      continue;
    }
    refuse(fmt::format("expected a list of {}, found a table with the key {}", type_name(type),
                       lua_type(L_, key) == LUA_TSTRING ? fmt::format("\"{}\"", view_at(L_, key))
                                                        : shown_value(L_, key)));
  }
}

// Several elements are left on the stack before they are popped: each call of Lua's API counts
// here.
void MessageEncoder::packed(const FieldType& type, int index, size_t length) {
  constexpr size_t kAtOnce = 4;
  const int top = lua_gettop(L_);
  const WireWriter::Open open = out_.begin(type.number, length * size_of_one(type.wire_type));
  for (size_t done = 0; done < length; done += kAtOnce) {
    const size_t count = std::min(kAtOnce, length - done);
    for (size_t i = 1; i <= count; ++i) {
      lua_rawgeti(L_, index, static_cast<int>(done + i));
      const std::optional<uint64_t> bits = quick_number_bits(L_, type.kind);
      if (bits) {
        number_value(type.wire_type, *bits);
      } else {
        const Step step(*this, FieldStep::to_position(done + i));
        number_value(type.wire_type, number_bits(type, lua_gettop(L_)));
      }
    }
    lua_settop(L_, top);
  }
  out_.end(open);
}

void MessageEncoder::elements(const FieldPlan& field, int index, size_t length) {
  for (size_t i = 1; i <= length; ++i) {
    lua_rawgeti(L_, index, static_cast<int>(i));
    const Step step(*this, FieldStep::to_position(i));
    single(field, lua_gettop(L_), /*skip_default=*/false);
    lua_pop(L_, 1);
  }
}

void MessageEncoder::map(const FieldPlan& field, int index) {
  if (!lua_istable(L_, index)) {
    refuse_value(index, fmt::format("a table of {} by {}", type_name(*field.message->field(1).type),
                                    type_name(*field.message->field(0).type)));
  }
  const size_t first = scratch_.entries.size();
  for (lua_pushnil(L_); lua_next(L_, index) != 0; lua_pop(L_, 1)) {
    const int value = lua_gettop(L_);
    entry(field, value - 1, value);
  }
  sort_entries(text_, scratch_.entries, first);
  scratch_.entries.resize(first);
}

void MessageEncoder::entry(const FieldPlan& field, int key, int value) {
  MapEntry entry{text_.size(), 0, 0, {}};
  const WireWriter::Open open = out_.begin(field.type->number);
  map_key(*field.message->field(0).type, key, entry);
  const bool by_string = field.message->field(0).type->kind == FieldKind::kString;
  const std::string other = by_string ? "" : key_text(L_, key);
  const Step step(*this, FieldStep::to_key(other.empty() ? entry.text : std::string_view(other)));
  single(field.message->field(1), value, /*skip_default=*/false);
  out_.end(open);
  entry.end = text_.size();
  scratch_.entries.push_back(entry);
}

void MessageEncoder::map_key(const FieldType& type, int key, MapEntry& entry) {
  if (type.kind == FieldKind::kString) {
    if (lua_type(L_, key) != LUA_TSTRING) {
      refuse(fmt::format("expected strings as keys, found {}", shown_value(L_, key)));
    }
    entry.text = bytes(type, key);
    return out_.bytes_field(type.number, entry.text);
  }
  const bool is_text = lua_type(L_, key) == LUA_TSTRING;
  std::optional<uint64_t> bits = number_bits_at(L_, key, type.kind);
  if (type.kind == FieldKind::kBool && is_text && view_at(L_, key) == "true") bits = 1;
  if (type.kind == FieldKind::kBool && is_text && view_at(L_, key) == "false") bits = 0;
  if (!bits) {
    refuse(fmt::format("expected {} as a key, found {}", expected_number(type.kind),
                       shown_value(L_, key)));
  }
  entry.number = key_order(*bits, type.kind);
  out_.tag(type.number, type.wire_type);
  number_value(type.wire_type, *bits);
}

void MessageEncoder::single(const FieldPlan& field, int index, bool skip_default) {
  const FieldType& type = *field.type;
  if (type.message != nullptr) return nested(field, index);
  if (type.wire_type != WireType::kLengthDelimited) return number(type, index, skip_default);
  const std::string_view text = bytes(type, index);
  if (!text.empty() || !skip_default) out_.bytes_field(type.number, text);
}

void MessageEncoder::number(const FieldType& type, int index, bool skip_default) {
  const uint64_t bits = number_bits(type, index);
  if (bits == 0 && skip_default) return;
  out_.tag(type.number, type.wire_type);
  number_value(type.wire_type, bits);
}

uint64_t MessageEncoder::number_bits(const FieldType& type, int index) const {
  if (type.kind == FieldKind::kEnum) return enum_bits(type, index);
  const std::optional<uint64_t> bits = number_bits_at(L_, index, type.kind);
  if (!bits) refuse_value(index, expected_number(type.kind));
  return *bits;
}

uint64_t MessageEncoder::enum_bits(const FieldType& type, int index) const {
  const protobuf::EnumType& enumeration = *type.enumeration;
  if (lua_type(L_, index) == LUA_TSTRING) {
    const std::string_view name = view_at(L_, index);
    if (const auto* const value = enumeration.find(name)) {
      return static_cast<uint64_t>(int64_t{value->number});
    }
    std::vector<std::string_view> known;
    for (const protobuf::EnumValue& value : enumeration.values())
      known.emplace_back(value.name);
    refuse(fmt::format("there is no value \"{}\" in {}{}", name, enumeration.full_name,
                       did_you_mean(name, known)));
  }
  if (enumeration.null_value && is_json_null(L_, index)) return 0;
  const std::optional<uint64_t> bits = number_bits_at(L_, index, FieldKind::kInt32);
  if (!bits || (enumeration.closed && enumeration.find(static_cast<int32_t>(*bits)) == nullptr)) {
    refuse_value(index, fmt::format("a name of {} or its number", enumeration.full_name));
  }
  return *bits;
}

void MessageEncoder::number_value(WireType type, uint64_t bits) {
  if (type == WireType::kVarint) {
    out_.varint(bits);
  } else if (type == WireType::kFixed64) {
    out_.fixed64(bits);
  } else {
    out_.fixed32(static_cast<uint32_t>(bits));
  }
}

std::string_view MessageEncoder::bytes(const FieldType& type, int index) const {
  if (lua_type(L_, index) != LUA_TSTRING) refuse_value(index, "a string");
  const std::string_view text = view_at(L_, index);
  if (type.must_be_utf8 && !is_utf8(text)) {
    refuse("a string must be UTF-8; other bytes belong into a field of type bytes");
  }
  return text;
}

void MessageEncoder::nested(const FieldPlan& field, int index) {
  if (field.type->kind == FieldKind::kGroup) {
    out_.tag(field.type->number, WireType::kGroupStart);
    message(index, *field.message);
    out_.tag(field.type->number, WireType::kGroupEnd);
  } else {
    const WireWriter::Open open = out_.begin(field.type->number);
    message(index, *field.message);
    out_.end(open);
  }
}

}  // namespace perigee
