// What a call sends later than it was said: messages and the end, each at its instant, in order.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <utility>

#include "engine/grpc/status.h"
#include "engine/loop/timer_queue.h"

namespace perigee::grpc {

class DelayedSends {
 public:
  // `due` is called when `front` may go, once for each that is added.
  DelayedSends(TimerQueue& timers, std::function<void()> due) : timer_(timers, std::move(due)) {}

  struct Item {
    Instant due;
    bool last;  // the call's end, with the status; else a message
    std::string message;
    Status status;
  };

  // Goes when it is due, and not before what was added earlier.
  void add(Item item) {
    bytes_ += item.message.size();
    queue_.push_back(std::move(item));
    if (queue_.size() == 1) timer_.start(queue_.front().due);
  }
  // Takes the first one, and waits for the next.
  Item take() {
    Item item = std::move(queue_.front());
    queue_.pop_front();
    bytes_ -= item.message.size();
    if (!queue_.empty()) timer_.start(queue_.front().due);
    return item;
  }
  void clear() {
    queue_.clear();
    bytes_ = 0;
    timer_.stop();
  }
  bool empty() const { return queue_.empty(); }
  // Of all messages.
  size_t bytes() const { return bytes_; }

 private:
  std::deque<Item> queue_;
  size_t bytes_ = 0;
  Timer timer_;
};

}  // namespace perigee::grpc
