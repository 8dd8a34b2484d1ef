// Status messages on their way to one subscriber, from whichever thread changes something to the
// subscriber's own.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace perigee {

class StatusQueue {
 public:
  using Message = std::shared_ptr<const std::string>;

  // `wake` is called, on the thread that pushes, when there is something after there was nothing.
  explicit StatusQueue(std::function<void()> wake) : wake_(std::move(wake)) {}

  void push(Message message) {
    {
      const std::lock_guard lock(mutex_);
      overflowed_ = overflowed_ || messages_.size() == kMostMessages;
      if (overflowed_) messages_.clear();
      messages_.push_back(std::move(message));
      if (messages_.size() > 1) return;
    }
    wake_();
  }
  // The oldest; null if there is none.
  Message take() {
    const std::lock_guard lock(mutex_);
    if (messages_.empty()) return nullptr;
    Message message = std::move(messages_.front());
    messages_.pop_front();
    return message;
  }
  // The subscriber has been so slow that messages were lost.
  bool overflowed() const {
    const std::lock_guard lock(mutex_);
    return overflowed_;
  }

 private:
  static constexpr size_t kMostMessages = 100'000;

  const std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::deque<Message> messages_;
  bool overflowed_ = false;
};

}  // namespace perigee
