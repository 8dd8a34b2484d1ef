#include "scripting/bindings/abort_run.h"

#include <stdexcept>
#include <string>

#include "scripting/script_host.h"

namespace perigee {

int abort_run(lua_State* L, ScriptHost& host) {
  const std::string message =
      lua_isnoneornil(L, 1) ? "the script called abort()" : luaL_checkstring(L, 1);
  host.worker().control.abort_from_script(message);
  LuaVu& vu = host.vu();
  if (vu.in_init()) throw std::runtime_error("aborted while loading: " + message);
  vu.end_with_run();
  // Nothing wakes the VU.
  vu.prepare_wait();
  return vu.wait(L, 0);
}

}  // namespace perigee
