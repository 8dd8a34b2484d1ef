// Values that VUs hand over to other VUs.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>

#include "modules/sync/wait_list.h"

namespace perigee::sync {

// From any thread. Values leave it in the order in which they came, and go to VUs in the order in
// which these asked.
class Queue final : public Waitable {
 public:
  enum class Result { kDone, kClosed, kWaits };

  explicit Queue(size_t capacity) : capacity_(capacity) {}

  size_t capacity() const { return capacity_; }
  // The waiter's value goes into the queue; while this is full, it waits unless `may_wait` is not
  // so.
  Result push(Waiter& waiter, bool may_wait);
  // The first value becomes the waiter's; while there is none, it waits unless `may_wait` is not
  // so.
  Result pop(Waiter& waiter, bool may_wait);
  // Nothing comes in any more, and who waits to hand over something is told so; what is in the
  // queue can still be had.
  void close();
  size_t length() const;

  bool withdraw(Waiter& waiter) override;
  // A value that nobody took is the first again; what was handed over stays so.
  void give_back(Waiter& waiter) override;
  // Whether the value was got, rather than handed over.
  static bool is_receiver(const Waiter& waiter) { return waiter.shared; }

 private:
  bool is_full() const;
  void append(std::string value);
  std::string take_front();
  bool hand_over(std::string& value);

  const size_t capacity_;
  mutable std::mutex mutex_;
  bool closed_ = false;
  size_t bytes_ = 0;
  std::deque<std::string> values_;
  WaitList senders_;
  WaitList receivers_;
};

}  // namespace perigee::sync
