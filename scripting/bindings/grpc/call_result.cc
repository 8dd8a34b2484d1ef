#include "scripting/bindings/grpc/call_result.h"

#include <string>

#include "engine/grpc/metadata.h"
#include "engine/http/header_fields.h"
#include "engine/protobuf/wire_reader.h"
#include "scripting/bindings/arguments.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

// The list of values under a name of the table on top of the stack, made where it is not there.
void push_values(lua_State* L, std::string_view name) {
  push_view(L, name);
  lua_rawget(L, -2);
  if (!lua_isnil(L, -1)) return;
  lua_pop(L, 1);
  lua_newtable(L);
  push_view(L, name);
  lua_pushvalue(L, -2);
  lua_rawset(L, -4);
}

void push_any(lua_State* L, std::string_view any) {
  lua_newtable(L);
  protobuf::WireReader reader(any);
  while (reader.next()) {
    if (reader.type() != protobuf::WireType::kLengthDelimited) continue;
    const uint32_t field = reader.field();
    push_view(L, reader.bytes());
    lua_setfield(L, -2, field == 1 ? "@type" : "value");
  }
}

}  // namespace

void push_grpc_end(lua_State* L, const grpc::Call& call, const grpc::CallEnd& end) {
  lua_pushinteger(L, static_cast<lua_Integer>(end.status.code));
  push_view(L, call.headers());
  push_view(L, call.trailers());
  if (end.status.ok()) {
    lua_pushnil(L);
    lua_pushnil(L);
  } else {
    push_view(L, end.status.message);
    push_view(L, end.status.details);
  }
}

int parse_grpc_metadata(lua_State* L) {
  lua_newtable(L);
  http::HeaderFields fields(check_text(L, 1));
  while (const auto field = fields.next()) {
    push_values(L, field->name);
    if (grpc::is_binary(field->name)) {
      push_view(L, grpc::decode_binary(field->value));
    } else {
      push_view(L, field->value);
    }
    lua_rawseti(L, -2, static_cast<int>(lua_objlen(L, -2)) + 1);
    lua_pop(L, 1);
  }
  return 1;
}

int parse_grpc_details(lua_State* L) {
  constexpr uint32_t kDetails = 3;
  lua_newtable(L);
  protobuf::WireReader reader(check_text(L, 1));
  for (int i = 1; reader.next();) {
    if (reader.field() != kDetails || reader.type() != protobuf::WireType::kLengthDelimited) {
      continue;
    }
    push_any(L, reader.bytes());
    lua_rawseti(L, -2, i++);
  }
  return 1;
}

}  // namespace perigee
