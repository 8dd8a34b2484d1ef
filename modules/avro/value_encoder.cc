#include "modules/avro/value_encoder.h"

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "engine/base/suggest.h"
#include "engine/base/utf8.h"
#include "engine/protobuf/message_type.h"
#include "modules/avro/union_branch.h"
#include "modules/avro/value_path.h"
#include "scripting/json_codec.h"
#include "scripting/lua_state.h"
#include "scripting/protobuf/lua_number.h"

namespace perigee::avro {
namespace {

using protobuf::FieldKind;

// Tables may lie in each other up to this depth.
constexpr int kMaxDepth = 100;

[[noreturn]] void refuse(lua_State* L, int index, const std::string& expected,
                         const FieldStep* at) {
  fail(at, fmt::format("expected {}, got {}", expected, shown_value(L, index)));
}

FieldKind number_kind(Kind kind) {
  switch (kind) {
    case Kind::kInt:
      return FieldKind::kInt32;
    case Kind::kLong:
      return FieldKind::kInt64;
    case Kind::kFloat:
      return FieldKind::kFloat;
    default:
      return FieldKind::kDouble;
  }
}

bool is_nothing(lua_State* L, int index) {
  return lua_isnil(L, index) || is_json_null(L, index);
}

std::vector<std::string_view> views_of(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

}  // namespace

void ValueEncoder::encode(int index, const Type& type, const FieldStep* at) {
  if (++depth_ > kMaxDepth) fail(at, fmt::format("more than {} tables in each other", kMaxDepth));
  luaL_checkstack(L_, 8, "avro");
  switch (type.kind) {
    case Kind::kNull:
      if (!is_nothing(L_, index)) refuse(L_, index, "nil or json.null", at);
      break;
    case Kind::kBoolean:
      if (!lua_isboolean(L_, index)) refuse(L_, index, "true or false", at);
      writer_.boolean(lua_toboolean(L_, index) != 0);
      break;
    case Kind::kInt:
    case Kind::kLong:
    case Kind::kFloat:
    case Kind::kDouble:
      encode_number(index, type, at);
      break;
    case Kind::kBytes:
    case Kind::kString:
    case Kind::kFixed:
      encode_text(index, type, at);
      break;
    case Kind::kEnum:
      encode_symbol(index, type, at);
      break;
    case Kind::kRecord:
      encode_record(index, type, at);
      break;
    case Kind::kArray:
      encode_array(index, type, at);
      break;
    case Kind::kMap:
      encode_map(index, type, at);
      break;
    case Kind::kUnion:
      encode_union(index, type, at);
      break;
  }
  --depth_;
}

void ValueEncoder::encode_number(int index, const Type& type, const FieldStep* at) {
  const FieldKind kind = number_kind(type.kind);
  const auto bits = number_bits_at(L_, index, kind);
  if (!bits) refuse(L_, index, expected_number(kind), at);
  if (type.kind == Kind::kFloat) return writer_.float_bits(static_cast<uint32_t>(*bits));
  if (type.kind == Kind::kDouble) return writer_.double_bits(*bits);
  writer_.whole(static_cast<int64_t>(*bits));
}

void ValueEncoder::encode_text(int index, const Type& type, const FieldStep* at) {
  if (lua_type(L_, index) != LUA_TSTRING) refuse(L_, index, "a string", at);
  const std::string_view text = view_at(L_, index);
  if (type.kind == Kind::kFixed) {
    if (text.size() != type.size) {
      fail(at, fmt::format("expected {} bytes, got {}", type.size, text.size()));
    }
    return writer_.raw(text);
  }
  if (type.kind == Kind::kString && !is_utf8(text)) {
    fail(at, "a string must be UTF-8; for other bytes there is the type bytes");
  }
  writer_.bytes(text);
}

void ValueEncoder::encode_symbol(int index, const Type& type, const FieldStep* at) {
  if (lua_type(L_, index) != LUA_TSTRING) refuse(L_, index, "the name of a symbol", at);
  const std::string_view symbol = view_at(L_, index);
  const auto found = std::find(type.symbols.begin(), type.symbols.end(), symbol);
  if (found == type.symbols.end()) {
    fail(at, fmt::format("{} has no symbol \"{}\"{}", type.name, symbol,
                         did_you_mean(symbol, views_of(type.symbols))));
  }
  writer_.whole(found - type.symbols.begin());
}

void ValueEncoder::encode_record(int index, const Type& type, const FieldStep* at) {
  if (!lua_istable(L_, index)) refuse(L_, index, fmt::format("a table of {}", type.name), at);
  size_t known = 0;
  for (const Field& field : type.fields) {
    push_view(L_, field.name);
    lua_rawget(L_, index);
    if (!lua_isnil(L_, -1)) ++known;
    encode_field(field, type, at);
    lua_pop(L_, 1);
  }
  for (lua_pushnil(L_); lua_next(L_, index) != 0; lua_pop(L_, 1)) {
    if (known == 0) {
      lua_pop(L_, 2);
      return refuse_unknown_field(index, type, at);
    }
    --known;
  }
}

// The value is on top of the stack.
void ValueEncoder::encode_field(const Field& field, const Type& record, const FieldStep* at) {
  if (!lua_isnil(L_, -1) || field.type->takes_null()) {
    const FieldStep step = then(FieldStep::to_field(field.name), at);
    if (!lua_isnil(L_, -1) || !field.default_bytes) {
      return encode(lua_gettop(L_), *field.type, &step);
    }
  }
  if (!field.default_bytes) {
    fail(at, fmt::format("the field \"{}\" of {} is missing", field.name, record.name));
  }
  writer_.raw(*field.default_bytes);
}

void ValueEncoder::refuse_unknown_field(int index, const Type& type, const FieldStep* at) {
  std::vector<std::string_view> names;
  for (const Field& field : type.fields)
    names.emplace_back(field.name);
  for (lua_pushnil(L_); lua_next(L_, index) != 0; lua_pop(L_, 1)) {
    if (lua_type(L_, -2) != LUA_TSTRING) {
      fail(at, fmt::format("expected a table of {}, got a list", type.name));
    }
    const std::string_view name = view_at(L_, -2);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      fail(at, fmt::format("{} has no field \"{}\"{}", type.name, name, did_you_mean(name, names)));
    }
  }
}

void ValueEncoder::encode_array(int index, const Type& type, const FieldStep* at) {
  if (!lua_istable(L_, index)) refuse(L_, index, "a list", at);
  const size_t count = lua_objlen(L_, index);
  size_t keys = 0;
  for (lua_pushnil(L_); lua_next(L_, index) != 0; lua_pop(L_, 1))
    ++keys;
  if (keys != count) fail(at, "expected a list, got a table with other keys than 1, 2, ...");
  if (count > 0) writer_.whole(static_cast<int64_t>(count));
  for (size_t i = 1; i <= count; ++i) {
    const FieldStep step = then(FieldStep::to_position(i), at);
    lua_rawgeti(L_, index, static_cast<int>(i));
    encode(lua_gettop(L_), *type.parts[0], &step);
    lua_pop(L_, 1);
  }
  writer_.whole(0);
}

// In the order of the keys, so that a table has the same bytes every time.
void ValueEncoder::encode_map(int index, const Type& type, const FieldStep* at) {
  if (!lua_istable(L_, index)) refuse(L_, index, "a table by keys", at);
  std::vector<std::string_view> keys;
  for (lua_pushnil(L_); lua_next(L_, index) != 0; lua_pop(L_, 1)) {
    if (lua_type(L_, -2) != LUA_TSTRING) fail(at, "the keys of a map must be strings");
    keys.push_back(view_at(L_, -2));
  }
  std::sort(keys.begin(), keys.end());
  if (!keys.empty()) writer_.whole(static_cast<int64_t>(keys.size()));
  for (const std::string_view key : keys) {
    const FieldStep step = then(FieldStep::to_key(key), at);
    writer_.bytes(key);
    push_view(L_, key);
    lua_rawget(L_, index);
    encode(lua_gettop(L_), *type.parts[0], &step);
    lua_pop(L_, 1);
  }
  writer_.whole(0);
}

void ValueEncoder::encode_union(int index, const Type& type, const FieldStep* at) {
  const StackGuard guard(L_);
  const auto found = find_branch(L_, index, type);
  if (!found) {
    std::vector<std::string_view> names;
    for (const Type* part : type.parts)
      names.emplace_back(part->name);
    refuse(L_, index, fmt::format("one of {}", fmt::join(names, ", ")), at);
  }
  writer_.whole(static_cast<int64_t>(found->branch));
  encode(found->index, *type.parts[found->branch], at);
}

}  // namespace perigee::avro
