// The tables in which a module's Lua keeps what belongs to one VU.
#pragma once

#include <cstddef>

#include "scripting/lua.h"

namespace perigee {

class ScriptHost;

// Of one instance of a module. The host must outlive it.
class VuTables {
 public:
  explicit VuTables(ScriptHost& host);

  // Pushes the table of the VU that runs, which is empty at first and stays until the VU ends.
  void push(lua_State* L) const;

 private:
  ScriptHost& host_;
  const size_t slot_;
};

}  // namespace perigee
