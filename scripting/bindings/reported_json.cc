#include "scripting/bindings/reported_json.h"

#include "engine/base/json_repairs.h"
#include "scripting/binding.h"
#include "scripting/json_codec.h"
#include "scripting/script_host.h"

namespace perigee {

void encode_reported(lua_State* L, int index, std::string& out, ScriptHost& host,
                     const char* function) {
  JsonRepairs repairs;
  encode_json(L, index, out, &repairs);
  if (repairs.strings == 0) return;
  push_position(L);
  report_repairs(host.worker().log, repairs, std::string(view_at(L, -1)) + function);
  lua_pop(L, 1);
}

}  // namespace perigee
