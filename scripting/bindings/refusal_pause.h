// Whether a VU may be made to wait whose requests reach no server.
#pragma once

#include "scripting/lua_vu.h"
#include "scripting/script_host.h"

namespace perigee {

// False in an open scenario, whose arrivals must find their VUs as if the server refused at once.
// The first time in a run that it is true, the log says so.
bool may_pause_refused(ScriptHost& host, const LuaVu& vu);

}  // namespace perigee
