#include "modules/avro/module.h"

#include <map>
#include <new>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "modules/avro/lua_sources.h"
#include "modules/avro/schema.h"
#include "modules/avro/value_decoder.h"
#include "modules/avro/value_encoder.h"
#include "scripting/binding.h"
#include "scripting/call_guard.h"
#include "scripting/sandbox.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

constexpr const char* kSchemaType = "perigee.avro.schema";

// What the userdata of a schema holds. The instance keeps the schema.
struct Handle {
  const avro::Schema& schema;
};

// What a schema is called: "shop.Order", or "string".
const std::string& name_of(const avro::Schema& schema) {
  return schema.root().name;
}

class AvroInstance final : public Module::Instance {
 public:
  explicit AvroInstance(ScriptHost& host) : host_(host) {}

  void push(lua_State* L) override {
    declare_schemas(L);
    lua_newtable(L);
    const Function functions[] = {{"parse", bound<parse>}, {"fail", bound<fail>}};
    set_functions(L, this, functions);
    for (const char* name : {"http", "json"}) {
      host_.push_module(L, std::string("perigee.") + name);
      lua_setfield(L, -2, name);
    }
    host_.push_module(L, "perigee");
    lua_setfield(L, -2, "core");
    push_call_guard(L);
    lua_pushvalue(L, -2);
    run_source(L, "references", avro_source("references"), 1);
    run_source(L, "avro", avro_source("avro"), 3);
  }

 private:
  void declare_schemas(lua_State* L) {
    const StackGuard guard(L);
    luaL_newmetatable(L, kSchemaType);
    const int type = lua_gettop(L);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_newtable(L);
    const Function methods[] = {{"encode", bound<encode>}, {"decode", bound<decode>}};
    set_functions(L, this, methods);
    guard_calls(L, "avro_schema:", type);
    lua_setfield(L, -2, "__index");
  }

  // parse(text) -> a schema; the VUs of a worker share those of the same text.
  static int parse(lua_State* L) {
    auto& self = upvalue<AvroInstance>(L);
    const std::string text(luaL_checkstring(L, 1), lua_objlen(L, 1));
    auto found = self.schemas_.find(text);
    if (found == self.schemas_.end()) {
      try {
        found = self.schemas_.emplace(text, std::make_unique<const avro::Schema>(text)).first;
      } catch (const std::runtime_error& error) {
        throw std::runtime_error(fmt::format("avro.parse: {}", error.what()));
      }
    }
    new (lua_newuserdata(L, sizeof(Handle))) Handle{*found->second};
    luaL_getmetatable(L, kSchemaType);
    lua_setmetatable(L, -2);
    return 1;
  }

  // fail(message): raises it at the script's line.
  static int fail(lua_State* L) { throw std::runtime_error(std::string(view_at(L, 1))); }

  static const avro::Schema& schema_at(lua_State* L) {
    return static_cast<const Handle*>(luaL_checkudata(L, 1, kSchemaType))->schema;
  }

  // schema:encode(value)
  static int encode(lua_State* L) {
    auto& self = upvalue<AvroInstance>(L);
    const avro::Schema& schema = schema_at(L);
    lua_settop(L, 2);
    self.buffer_.clear();
    try {
      avro::ValueEncoder(L, self.buffer_).encode(2, schema.root());
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(fmt::format("schema:encode: {}: {}", name_of(schema), error.what()));
    }
    push_view(L, self.buffer_);
    return 1;
  }

  // schema:decode(bytes)
  static int decode(lua_State* L) {
    const avro::Schema& schema = schema_at(L);
    luaL_checktype(L, 2, LUA_TSTRING);
    try {
      avro::ValueDecoder(L, view_at(L, 2)).decode(schema.root());
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(
          fmt::format("schema:decode: these bytes are no {}: {}", name_of(schema), error.what()));
    }
    return 1;
  }

  ScriptHost& host_;
  std::map<std::string, std::unique_ptr<const avro::Schema>, std::less<>> schemas_;
  std::string buffer_;  // its memory is used again by every call
};

}  // namespace

std::unique_ptr<Module::Instance> AvroModule::open(ScriptHost& host) {
  return std::make_unique<AvroInstance>(host);
}

}  // namespace perigee
