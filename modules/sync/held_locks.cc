#include "modules/sync/held_locks.h"

#include <memory>
#include <utility>

namespace perigee {

HeldLocks& HeldLocks::of(LuaVu& vu, size_t slot) {
  if (vu.extension(slot) == nullptr) vu.set_extension(slot, std::make_unique<HeldLocks>());
  return static_cast<HeldLocks&>(*vu.extension(slot));
}

void HeldLocks::on_iteration_end(LuaVu& vu) {
  for (sync::Lock* lock : std::exchange(locks_, {}))
    lock->release(&vu);
}

}  // namespace perigee
