// Resumes a VU that waits.
#pragma once

#include <cstdint>

#include "scripting/lua.h"

namespace perigee {

class LuaVu;

// Held by whatever the VU waits for. Harmless once the wait is over: when the iteration has been
// cut off, say, or the VU waits for something else by now.
class Wake {
 public:
  Wake() = default;

  // Whether the VU still waits for this.
  bool wanted() const;
  // The stack to push the results of the awaited call to; only while wanted.
  lua_State* stack() const;
  // Goes on with the `results` values on top of the stack.
  void resume(int results);

 private:
  friend class LuaVu;
  Wake(LuaVu* vu, uint64_t ticket) : vu_(vu), ticket_(ticket) {}

  LuaVu* vu_ = nullptr;
  uint64_t ticket_ = 0;
};

}  // namespace perigee
