// The locks that a VU has.
#pragma once

#include <vector>

#include "modules/sync/lock.h"
#include "scripting/lua_vu.h"

namespace perigee {

// Frees them when the iteration ends, in whichever way.
class HeldLocks final : public VuExtension {
 public:
  // That of the VU, made when it is first asked for.
  static HeldLocks& of(LuaVu& vu, size_t slot);

  void add(sync::Lock& lock) { locks_.push_back(&lock); }
  void remove(const sync::Lock& lock) { std::erase(locks_, &lock); }

  void on_iteration_end(LuaVu& vu) override;

 private:
  std::vector<sync::Lock*> locks_;
};

}  // namespace perigee
