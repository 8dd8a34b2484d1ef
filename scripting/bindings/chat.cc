#include "scripting/bindings/chat.h"

#include <stdexcept>

#include "scripting/binding.h"
#include "scripting/call_guard.h"
#include "scripting/json_codec.h"
#include "scripting/sandbox.h"

namespace perigee {
namespace {

// decode(text): the value, or nil and what is wrong with the text.
int decode(lua_State* L) {
  luaL_checktype(L, 1, LUA_TSTRING);
  try {
    decode_json(L, view_at(L, 1));
    return 1;
  } catch (const std::runtime_error& error) {
    lua_pushnil(L);
    lua_pushstring(L, error.what());
    return 2;
  }
}

// The module is Lua as a whole: what servers write changes with their versions.
class ChatInstance final : public Module::Instance {
 public:
  void push(lua_State* L) override {
    lua_pushcfunction(L, bound<decode>);
    push_call_guard(L);
    run_prelude(L, "chat", 2);
  }
};

}  // namespace

std::unique_ptr<Module::Instance> ChatModule::open(ScriptHost&) {
  return std::make_unique<ChatInstance>();
}

}  // namespace perigee
