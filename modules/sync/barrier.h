// A place where VUs wait for each other, again and again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>

#include "modules/sync/wait_list.h"

namespace perigee::sync {

// From any thread.
class Barrier final : public Waitable {
 public:
  explicit Barrier(size_t parties) : parties_(parties) {}

  size_t parties() const { return parties_; }
  // The place of the last one, with whom all go on; the others wait, unless `may_wait` is not so.
  std::optional<uint64_t> arrive(Waiter& waiter, bool may_wait);

  bool withdraw(Waiter& waiter) override;
  void give_back(Waiter& /*waiter*/) override {}

 private:
  const size_t parties_;
  std::mutex mutex_;
  WaitList waiting_;
};

}  // namespace perigee::sync
