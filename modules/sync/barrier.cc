#include "modules/sync/barrier.h"

namespace perigee::sync {

std::optional<uint64_t> Barrier::arrive(Waiter& waiter, bool may_wait) {
  const std::lock_guard guard(mutex_);
  if (waiting_.size() + 1 < parties_) {
    if (may_wait) waiting_.add(waiter);
    return std::nullopt;
  }
  for (uint64_t place = 1; !waiting_.empty(); ++place) {
    Waiter& first = waiting_.take_first();
    first.place = place;
    first.on_grant();
  }
  return parties_;
}

bool Barrier::withdraw(Waiter& waiter) {
  const std::lock_guard guard(mutex_);
  return WaitList::remove(waiter);
}

}  // namespace perigee::sync
