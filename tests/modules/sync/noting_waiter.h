// A waiter that notes that its wait is over.
#pragma once

#include <atomic>

#include "modules/sync/wait_list.h"

namespace perigee::sync {

class NotingWaiter final : public Waiter {
 public:
  NotingWaiter() { owner = this; }
  explicit NotingWaiter(bool is_shared) : NotingWaiter() { shared = is_shared; }

  void on_grant() override {
    granted.store(true);
    granted.notify_one();
  }
  // Blocks the thread until then.
  void wait() {
    granted.wait(false);
    granted.store(false);
  }

  std::atomic<bool> granted{false};
};

}  // namespace perigee::sync
