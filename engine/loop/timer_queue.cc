#include "engine/loop/timer_queue.h"

#include <algorithm>
#include <utility>

namespace perigee {

void Timer::start(Instant due) {
  stop();
  due_ = due;
  queue_.insert(this);
}

void Timer::stop() {
  queue_.remove(this);
}

std::optional<Instant> TimerQueue::next() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.front()->due_;
}

void TimerQueue::run_due(Instant now) {
  if (heap_.empty() || heap_.front()->due_ > now) return;
  while (!heap_.empty() && heap_.front()->due_ <= now) {
    Timer* timer = heap_.front();
    remove(timer);
    timer->index_ = Timer::kFiring;
    due_.push_back(timer);
  }
  for (size_t i = 0; i < due_.size(); ++i) {
    Timer* timer = std::exchange(due_[i], nullptr);
    if (timer == nullptr) continue;
    timer->index_ = Timer::kIdle;
    timer->callback_();
  }
  due_.clear();
}

void TimerQueue::insert(Timer* timer) {
  heap_.push_back(timer);
  timer->index_ = heap_.size() - 1;
  sift_up(timer->index_);
}

void TimerQueue::remove(Timer* timer) {
  const size_t hole = std::exchange(timer->index_, Timer::kIdle);
  if (hole == Timer::kFiring) *std::find(due_.begin(), due_.end(), timer) = nullptr;
  if (hole >= Timer::kFiring) return;
  Timer* last = heap_.back();
  heap_.pop_back();
  if (last == timer) return;
  place(hole, last);
  sift_up(hole);
  sift_down(last->index_);
}

void TimerQueue::place(size_t index, Timer* timer) {
  heap_[index] = timer;
  timer->index_ = index;
}

void TimerQueue::sift_up(size_t index) {
  while (index > 0) {
    const size_t parent = (index - 1) / 2;
    if (heap_[parent]->due_ <= heap_[index]->due_) return;
    Timer* moved = heap_[index];
    place(index, heap_[parent]);
    place(parent, moved);
    index = parent;
  }
}

void TimerQueue::sift_down(size_t index) {
  for (;;) {
    size_t least = index;
    for (size_t child = 2 * index + 1; child <= 2 * index + 2 && child < heap_.size(); ++child) {
      if (heap_[child]->due_ < heap_[least]->due_) least = child;
    }
    if (least == index) return;
    Timer* moved = heap_[index];
    place(index, heap_[least]);
    place(least, moved);
    index = least;
  }
}

}  // namespace perigee
