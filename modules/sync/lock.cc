#include "modules/sync/lock.h"

#include <stdexcept>

namespace perigee::sync {

bool Lock::is_free_for(const Waiter& waiter) const {
  return owner_ == nullptr && (waiter.shared || sharing_.empty());
}

void Lock::give(const Waiter& waiter) {
  if (waiter.shared) {
    sharing_.insert(waiter.owner);
  } else {
    owner_ = waiter.owner;
  }
}

void Lock::give_to_waiting() {
  while (!waiting_.empty() && is_free_for(waiting_.first())) {
    Waiter& waiter = waiting_.take_first();
    give(waiter);
    waiter.on_grant();
  }
}

bool Lock::acquire(Waiter& waiter, bool may_wait) {
  const std::lock_guard guard(mutex_);
  if (owner_ == waiter.owner || sharing_.contains(waiter.owner)) {
    throw std::runtime_error("this VU has the lock already; release it first");
  }
  if (waiting_.empty() && is_free_for(waiter)) {
    give(waiter);
    return true;
  }
  if (may_wait) waiting_.add(waiter);
  return false;
}

void Lock::release(const void* owner) {
  const std::lock_guard guard(mutex_);
  if (owner_ == owner) {
    owner_ = nullptr;
  } else if (sharing_.erase(owner) == 0) {
    throw std::runtime_error("this VU does not have the lock: acquire it first");
  }
  give_to_waiting();
}

// Those behind one who wanted it alone may share it now.
bool Lock::withdraw(Waiter& waiter) {
  const std::lock_guard guard(mutex_);
  if (!WaitList::remove(waiter)) return false;
  give_to_waiting();
  return true;
}

}  // namespace perigee::sync
