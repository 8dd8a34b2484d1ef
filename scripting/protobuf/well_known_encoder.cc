#include "scripting/protobuf/well_known_encoder.h"

#include <cmath>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "engine/protobuf/field_mask.h"
#include "engine/protobuf/time_value.h"
#include "engine/protobuf/type_set.h"
#include "scripting/json_codec.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

using protobuf::TimeValue;
using protobuf::WellKnownType;
using protobuf::WireWriter;

using ParseTime = std::optional<TimeValue> (*)(std::string_view);

// A timestamp or a duration: a string, or a table of seconds and nanos.
void encode_time(MessageEncoder& encoder, int index, const MessagePlan& plan, ParseTime parse,
                 std::string_view expected) {
  lua_State* const L = encoder.state();
  if (lua_istable(L, index)) return encoder.fields(index, plan);
  if (lua_type(L, index) != LUA_TSTRING) encoder.refuse_value(index, expected);
  const std::optional<TimeValue> value = parse(view_at(L, index));
  if (!value) encoder.refuse_value(index, expected);
  if (value->seconds != 0) encoder.writer().int_field(1, value->seconds);
  if (value->nanos != 0) encoder.writer().int_field(2, value->nanos);
}

// "a,b.c", or a table with `paths`.
void encode_mask(MessageEncoder& encoder, int index, const MessagePlan& plan) {
  lua_State* const L = encoder.state();
  if (lua_istable(L, index)) return encoder.fields(index, plan);
  if (lua_type(L, index) != LUA_TSTRING) {
    encoder.refuse_value(index, "a string of paths like \"user.name,id\"");
  }
  std::string_view rest = view_at(L, index);
  while (!rest.empty()) {
    const std::string_view path = rest.substr(0, rest.find(','));
    encoder.writer().bytes_field(1, protobuf::path_of_json(path));
    rest.remove_prefix(std::min(path.size() + 1, rest.size()));
  }
}

// The value alone, or a table with `value`.
void encode_wrapper(MessageEncoder& encoder, int index, const MessagePlan& plan) {
  if (lua_istable(encoder.state(), index)) return encoder.fields(index, plan);
  encoder.value(plan.field(0), index);
}

// The one field of a Struct or a ListValue: a map or a list of values.
void encode_values(MessageEncoder& encoder, int index, const MessagePlan& plan) {
  encoder.value(plan.field(0), index);
}

bool is_list(lua_State* L, int table) {
  return lua_objlen(L, table) > 0 || is_json_array(L, table);
}

// The index of the field of google.protobuf.Value that holds a Lua value.
size_t value_field(MessageEncoder& encoder, int index) {
  lua_State* const L = encoder.state();
  switch (lua_type(L, index)) {
    case LUA_TNUMBER:
      if (!std::isfinite(lua_tonumber(L, index))) encoder.refuse_value(index, "a finite number");
      return 1;
    case LUA_TSTRING:
      return 2;
    case LUA_TBOOLEAN:
      return 3;
    case LUA_TTABLE:
      return is_list(L, index) ? 5 : 4;
    case LUA_TUSERDATA:
    case LUA_TFUNCTION:
    case LUA_TTHREAD:
    case LUA_TNIL:
      encoder.refuse_value(index, "a value that JSON has");
    default:
      return is_json_null(L, index) ? 0 : 1;  // else an integer of 64 bits
  }
}

void encode_any_message(MessageEncoder& encoder, int index, const MessagePlan& plan) {
  if (plan.type().well_known == WellKnownType::kNone) {
    return encoder.fields(index, plan, /*in_any=*/true);
  }
  lua_State* const L = encoder.state();
  lua_getfield(L, index, "value");
  encoder.message(lua_gettop(L), plan);
  lua_pop(L, 1);
}

// The fields of a message with its type as "@type"; or a table with `type_url` and `value`.
void encode_any(MessageEncoder& encoder, int index, const MessagePlan& plan) {
  lua_State* const L = encoder.state();
  if (!lua_istable(L, index)) encoder.refuse_value(index, "a table with \"@type\"");
  lua_pushliteral(L, "@type");
  lua_rawget(L, index);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    return encoder.fields(index, plan);
  }
  if (lua_type(L, -1) != LUA_TSTRING) {
    encoder.refuse_value(lua_gettop(L), "a string as \"@type\"");
  }
  const std::string_view url = view_at(L, -1);
  const std::string_view name = url.substr(url.rfind('/') + 1);
  const protobuf::MessageType* const type = plan.type().types->find_message(name);
  if (type == nullptr) encoder.refuse(fmt::format("there is no message {} in the schema", name));
  encoder.writer().bytes_field(1, url);
  const WireWriter::Open open = encoder.writer().begin(2);
  encode_any_message(encoder, index, encoder.plans().of(*type));
  encoder.writer().end(open);
  lua_pop(L, 1);
}

}  // namespace

void encode_well_known(MessageEncoder& encoder, int index, const MessagePlan& plan) {
  switch (plan.type().well_known) {
    case WellKnownType::kTimestamp:
      return encode_time(encoder, index, plan, protobuf::parse_timestamp,
                         "a time like \"2026-11-30T07:36:24Z\", or a table of seconds and nanos");
    case WellKnownType::kDuration:
      return encode_time(encoder, index, plan, protobuf::parse_duration,
                         "a duration in seconds like \"1.5s\", or a table of seconds and nanos");
    case WellKnownType::kFieldMask:
      return encode_mask(encoder, index, plan);
    case WellKnownType::kWrapper:
      return encode_wrapper(encoder, index, plan);
    case WellKnownType::kStruct:
    case WellKnownType::kListValue:
      return encode_values(encoder, index, plan);
    case WellKnownType::kValue:
      return encoder.value(plan.field(value_field(encoder, index)), index);
    case WellKnownType::kAny:
      return encode_any(encoder, index, plan);
    case WellKnownType::kNone:
      return encoder.fields(index, plan);
  }
}

}  // namespace perigee
