#include "modules/sync/wait_list.h"

namespace perigee::sync {

void WaitList::add(Waiter& waiter) {
  waiter.list_ = this;
  waiter.at_ = waiting_.insert(waiting_.end(), &waiter);
}

Waiter& WaitList::take_first() {
  Waiter& waiter = first();
  remove(waiter);
  return waiter;
}

bool WaitList::remove(Waiter& waiter) {
  if (waiter.list_ == nullptr) return false;
  waiter.list_->waiting_.erase(waiter.at_);
  waiter.list_ = nullptr;
  return true;
}

}  // namespace perigee::sync
