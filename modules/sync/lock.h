// A lock that one VU has, or that several share.
#pragma once

#include <mutex>
#include <unordered_set>

#include "modules/sync/wait_list.h"

namespace perigee::sync {

// From any thread. It is given in the order in which it was asked for: who wants to share it waits
// behind one who wants it alone.
class Lock final : public Waitable {
 public:
  // Whether the lock is the waiter's owner's now; else the waiter waits, unless `may_wait` is not
  // so. Throws std::runtime_error if the owner has it already.
  bool acquire(Waiter& waiter, bool may_wait);
  // Throws std::runtime_error if the owner does not have it.
  void release(const void* owner);

  bool withdraw(Waiter& waiter) override;
  void give_back(Waiter& waiter) override { release(waiter.owner); }

 private:
  bool is_free_for(const Waiter& waiter) const;
  void give(const Waiter& waiter);
  void give_to_waiting();

  std::mutex mutex_;
  const void* owner_ = nullptr;  // who has it alone
  std::unordered_set<const void*> sharing_;
  WaitList waiting_;
};

}  // namespace perigee::sync
