#include "modules/sync/queue.h"

#include <utility>

#include "modules/sync/limits.h"

namespace perigee::sync {
namespace {

void end_as_closed(WaitList& list) {
  while (!list.empty()) {
    Waiter& waiter = list.take_first();
    waiter.closed = true;
    waiter.on_grant();
  }
}

}  // namespace

bool Queue::is_full() const {
  return values_.size() >= capacity_ || bytes_ >= limits::kQueueBytes;
}

void Queue::append(std::string value) {
  bytes_ += value.size();
  values_.push_back(std::move(value));
}

std::string Queue::take_front() {
  std::string value = std::move(values_.front());
  values_.pop_front();
  bytes_ -= value.size();
  return value;
}

// To the first who waits for a value; returns whether there is one.
bool Queue::hand_over(std::string& value) {
  if (receivers_.empty()) return false;
  Waiter& receiver = receivers_.take_first();
  receiver.value = std::move(value);
  receiver.on_grant();
  return true;
}

Queue::Result Queue::push(Waiter& waiter, bool may_wait) {
  const std::lock_guard guard(mutex_);
  waiter.shared = false;
  if (closed_) return Result::kClosed;
  if (hand_over(waiter.value)) return Result::kDone;
  if (senders_.empty() && !is_full()) {
    append(std::move(waiter.value));
    return Result::kDone;
  }
  if (may_wait) senders_.add(waiter);
  return Result::kWaits;
}

Queue::Result Queue::pop(Waiter& waiter, bool may_wait) {
  const std::lock_guard guard(mutex_);
  waiter.shared = true;
  if (values_.empty()) {
    if (closed_) return Result::kClosed;
    if (may_wait) receivers_.add(waiter);
    return Result::kWaits;
  }
  waiter.value = take_front();
  while (!senders_.empty() && !is_full()) {
    Waiter& sender = senders_.take_first();
    append(std::move(sender.value));
    sender.on_grant();
  }
  return Result::kDone;
}

void Queue::close() {
  const std::lock_guard guard(mutex_);
  closed_ = true;
  end_as_closed(senders_);
  end_as_closed(receivers_);
}

size_t Queue::length() const {
  const std::lock_guard guard(mutex_);
  return values_.size();
}

bool Queue::withdraw(Waiter& waiter) {
  const std::lock_guard guard(mutex_);
  return WaitList::remove(waiter);
}

void Queue::give_back(Waiter& waiter) {
  if (!is_receiver(waiter) || waiter.closed) return;
  const std::lock_guard guard(mutex_);
  if (hand_over(waiter.value)) return;
  bytes_ += waiter.value.size();
  values_.push_front(std::move(waiter.value));
}

}  // namespace perigee::sync
