#include "engine/loop/deadlines.h"

namespace perigee {

void Deadline::disarm() {
  if (list_ != nullptr) list_->unlink(*this);
}

DeadlineList::DeadlineList(TimerQueue& timers, Duration timeout)
    : timeout_(timeout), timer_(timers, [this] { sweep(); }) {}

DeadlineList::~DeadlineList() {
  while (head_ != nullptr)
    unlink(*head_);
}

void DeadlineList::arm(Deadline& deadline, Instant now) {
  deadline.disarm();
  deadline.due_ = now + timeout_;
  deadline.list_ = this;
  deadline.previous_ = tail_;
  deadline.next_ = nullptr;
  (tail_ == nullptr ? head_ : tail_->next_) = &deadline;
  tail_ = &deadline;
  // The timer is left alone when the oldest is disarmed: it then fires early, finds nothing due and
  // arms itself again, which costs one wake-up per time-out and not one per request.
  if (!timer_.armed()) timer_.start(deadline.due_);
}

void DeadlineList::unlink(Deadline& deadline) {
  (deadline.previous_ == nullptr ? head_ : deadline.previous_->next_) = deadline.next_;
  (deadline.next_ == nullptr ? tail_ : deadline.next_->previous_) = deadline.previous_;
  deadline.previous_ = deadline.next_ = nullptr;
  deadline.list_ = nullptr;
}

void DeadlineList::sweep() {
  const Instant now = timer_.due();
  sweeping_ = true;
  while (head_ != nullptr && head_->due_ <= now) {
    Deadline& expired = *head_;
    unlink(expired);
    expired.on_deadline();
  }
  sweeping_ = false;
  if (head_ != nullptr) timer_.start(head_->due_);
}

void Deadlines::arm(Deadline& deadline, Duration timeout, Instant now) {
  if (last_ == nullptr || timeout != last_timeout_) {
    last_ = &list_of(timeout);
    last_timeout_ = timeout;
  }
  last_->arm(deadline, now);
}

DeadlineList& Deadlines::list_of(Duration timeout) {
  auto& list = lists_[timeout];
  if (list) return *list;
  list = std::make_unique<DeadlineList>(timers_, timeout);
  if (lists_.size() > kIdleLists) {
    std::erase_if(
        lists_, [&](const auto& entry) { return entry.first != timeout && entry.second->idle(); });
  }
  return *lists_[timeout];
}

}  // namespace perigee
