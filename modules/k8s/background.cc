#include "modules/k8s/background.h"

#include <utility>

#include "scripting/script_host.h"

namespace perigee {

Background::Background(ScriptHost& host)
    : host_(host), turn_end_(host.worker().loop.turn_ends(), [this] { start_waiting(); }) {}

void Background::start(lua_State* L, int index) {
  lua_pushvalue(L, index);
  functions_.push_back(luaL_ref(L, LUA_REGISTRYINDEX));
  turn_end_.arm();
}

void Background::start_waiting() {
  for (const int function : std::exchange(functions_, {})) {
    if (idle_.empty()) idle_.push_back(&host_.make_background_vu());
    LuaVu& vu = *idle_.back();
    idle_.pop_back();
    lua_State* const L = host_.main_state();
    lua_rawgeti(L, LUA_REGISTRYINDEX, function);
    luaL_unref(L, LUA_REGISTRYINDEX, function);
    vu.start_function(*this);
  }
}

void Background::on_iteration_end(VirtualUser& user, IterationResult result) {
  auto& vu = static_cast<LuaVu&>(user);
  if (result == IterationResult::kFailed) {
    host_.worker().log.limited(LogLevel::kError, "k8s background", vu.error());
  }
  idle_.push_back(&vu);
}

}  // namespace perigee
