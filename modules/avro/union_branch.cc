#include "modules/avro/union_branch.h"

#include <algorithm>
#include <string_view>

#include "engine/protobuf/message_type.h"
#include "scripting/json_codec.h"
#include "scripting/lua_state.h"
#include "scripting/protobuf/lua_number.h"

namespace perigee::avro {
namespace {

using protobuf::FieldKind;

bool is_nothing(lua_State* L, int index) {
  return lua_isnil(L, index) || is_json_null(L, index);
}

bool is_number(lua_State* L, int index, FieldKind kind) {
  const int type = lua_type(L, index);
  if (type == LUA_TSTRING || type == LUA_TBOOLEAN) return false;
  return number_bits_at(L, index, kind).has_value();
}

bool has_symbol(lua_State* L, int index, const Type& type) {
  return lua_type(L, index) == LUA_TSTRING && std::find(type.symbols.begin(), type.symbols.end(),
                                                        view_at(L, index)) != type.symbols.end();
}

bool is_list(lua_State* L, int index) {
  if (!lua_istable(L, index)) return false;
  if (lua_objlen(L, index) > 0 || is_json_array(L, index)) return true;
  const StackGuard guard(L);
  lua_pushnil(L);
  return lua_next(L, index) == 0;
}

// Whether it has the fields that there must be, and no others.
bool is_record(lua_State* L, int index, const Type& type) {
  if (!lua_istable(L, index)) return false;
  const StackGuard guard(L);
  size_t known = 0;
  for (const Field& field : type.fields) {
    push_view(L, field.name);
    lua_rawget(L, index);
    if (!lua_isnil(L, -1)) {
      ++known;
    } else if (!field.default_bytes && !field.type->takes_null()) {
      return false;
    }
    lua_pop(L, 1);
  }
  size_t keys = 0;
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1))
    ++keys;
  return keys == known;
}

bool is_map(lua_State* L, int index) {
  if (!lua_istable(L, index) || is_json_array(L, index)) return false;
  const StackGuard guard(L);
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) return false;
  }
  return true;
}

bool fits(lua_State* L, int index, const Type& type) {
  switch (type.kind) {
    case Kind::kNull:
      return is_nothing(L, index);
    case Kind::kBoolean:
      return lua_isboolean(L, index);
    case Kind::kInt:
      return is_number(L, index, FieldKind::kInt32);
    case Kind::kLong:
      return is_number(L, index, FieldKind::kInt64);
    case Kind::kFloat:
    case Kind::kDouble:
      return is_number(L, index, FieldKind::kDouble);
    case Kind::kBytes:
    case Kind::kString:
      return lua_type(L, index) == LUA_TSTRING;
    case Kind::kFixed:
      return lua_type(L, index) == LUA_TSTRING && view_at(L, index).size() == type.size;
    case Kind::kEnum:
      return has_symbol(L, index, type);
    case Kind::kArray:
      return is_list(L, index);
    case Kind::kMap:
      return is_map(L, index);
    case Kind::kRecord:
      return is_record(L, index, type);
    default:
      return false;  // a union has no union in it
  }
}

size_t position(const Type& type, std::string_view name) {
  const auto found = std::find_if(type.parts.begin(), type.parts.end(),
                                  [&](const Type* part) { return part->name == name; });
  return static_cast<size_t>(found - type.parts.begin());
}

// { ["shop.Order"] = value }
std::optional<UnionValue> named_branch(lua_State* L, int index, const Type& type) {
  if (!lua_istable(L, index)) return std::nullopt;
  const int top = lua_gettop(L);
  lua_pushnil(L);
  if (lua_next(L, index) == 0) return std::nullopt;
  const int value = top + 2;
  const size_t branch =
      lua_type(L, top + 1) == LUA_TSTRING ? position(type, view_at(L, top + 1)) : type.parts.size();
  lua_pushvalue(L, top + 1);
  const bool only = lua_next(L, index) == 0;
  if (!only || branch == type.parts.size() || !fits(L, value, *type.parts[branch])) {
    lua_settop(L, top);
    return std::nullopt;
  }
  lua_replace(L, top + 1);
  return UnionValue{branch, top + 1};
}

}  // namespace

std::optional<UnionValue> find_branch(lua_State* L, int index, const Type& type) {
  if (const auto named = named_branch(L, index, type)) return named;
  for (size_t i = 0; i < type.parts.size(); ++i) {
    if (fits(L, index, *type.parts[i])) return UnionValue{i, index};
  }
  return std::nullopt;
}

}  // namespace perigee::avro
