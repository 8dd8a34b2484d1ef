#include "scripting/bindings/protobuf.h"

#include <new>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "scripting/binding.h"
#include "scripting/call_guard.h"
#include "scripting/protobuf/message_codec.h"
#include "scripting/protobuf/message_decoder.h"
#include "scripting/protobuf/schema_loader.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

using protobuf::MessageType;
using protobuf::Schema;
using protobuf::SchemaError;

constexpr const char* kSchemaType = "perigee.protobuf.schema";

// What the userdata of a schema holds. The cache keeps the schema.
struct Handle {
  const Schema& schema;
};

class ProtobufInstance final : public Module::Instance {
 public:
  ProtobufInstance(ScriptHost& host, SchemaCache& schemas)
      : loader_(host, schemas), codec_(host.main_state()) {}

  void push(lua_State* L) override {
    declare_schemas(L);
    lua_newtable(L);
    const Function functions[] = {{"load", bound<load>}, {"load_protoset", bound<load_protoset>}};
    set_functions(L, this, functions);
  }

 private:
  void declare_schemas(lua_State* L) {
    const StackGuard guard(L);
    luaL_newmetatable(L, kSchemaType);
    const int type = lua_gettop(L);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pushlightuserdata(L, this);
    lua_newtable(L);
    const Function methods[] = {{"encode", bound<encode>}, {"decode", bound<decode>}};
    set_functions(L, this, methods);
    guard_calls(L, "schema:", type);
    lua_pushcclosure(L, bound<index>, 2);
    lua_setfield(L, -2, "__index");
  }

  // The methods lie in the table at the second upvalue.
  static int index(lua_State* L) {
    lua_pushvalue(L, 2);
    lua_rawget(L, lua_upvalueindex(2));
    if (!lua_isnil(L, -1)) return 1;
    throw std::runtime_error(fmt::format("a schema has no {}; there are encode and decode",
                                         lua_type(L, 2) == LUA_TSTRING ? view_at(L, 2) : "such"));
  }

  static int load(lua_State* L) {
    return push_schema(L, *upvalue<ProtobufInstance>(L).loader_.load(L, 1, "protobuf.load"));
  }

  static int load_protoset(lua_State* L) {
    const SchemaLoader& loader = upvalue<ProtobufInstance>(L).loader_;
    return push_schema(L, *loader.load_protoset(L, 1, "protobuf.load_protoset"));
  }

  static int push_schema(lua_State* L, const Schema& schema) {
    new (lua_newuserdata(L, sizeof(Handle))) Handle{schema};
    luaL_getmetatable(L, kSchemaType);
    lua_setmetatable(L, -2);
    return 1;
  }

  // schema:encode("package.Message", value)
  static int encode(lua_State* L) {
    auto& self = upvalue<ProtobufInstance>(L);
    const MessageType& type = check_type(L, "schema:encode");
    self.buffer_.clear();
    try {
      self.codec_.encode(L, 3, type, self.buffer_);
    } catch (const EncodeError& error) {
      throw std::runtime_error(fmt::format("schema:encode: {}: {}", type.full_name, error.what()));
    }
    push_view(L, self.buffer_);
    return 1;
  }

  // schema:decode("package.Message", bytes)
  static int decode(lua_State* L) {
    const MessageType& type = check_type(L, "schema:decode");
    luaL_checktype(L, 3, LUA_TSTRING);
    try {
      upvalue<ProtobufInstance>(L).codec_.push_decoded(L, view_at(L, 3), type);
    } catch (const DecodeError& error) {
      throw std::runtime_error(
          fmt::format("schema:decode: these bytes are no {}: {}", type.full_name, error.what()));
    }
    return 1;
  }

  static const MessageType& check_type(lua_State* L, const char* function) {
    const auto& handle = *static_cast<const Handle*>(luaL_checkudata(L, 1, kSchemaType));
    luaL_checktype(L, 2, LUA_TSTRING);
    try {
      return handle.schema.message(view_at(L, 2));
    } catch (const SchemaError& error) {
      throw std::runtime_error(fmt::format("{}: {}", function, error.what()));
    }
  }

  SchemaLoader loader_;
  MessageCodec codec_;
  std::string buffer_;  // its memory is used again by every call
};

}  // namespace

std::unique_ptr<Module::Instance> ProtobufModule::open(ScriptHost& host) {
  return std::make_unique<ProtobufInstance>(host, *schemas_);
}

}  // namespace perigee
