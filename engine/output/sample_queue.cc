#include "engine/output/sample_queue.h"

#include <utility>

#include "engine/base/check.h"

namespace perigee {
namespace {

Duration now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

}  // namespace

void SampleQueue::push(SampleBatch&& batch) {
  std::unique_lock lock(mutex_);
  PERIGEE_CHECK(!closed_);
  const size_t samples = batch.samples.size();
  if (!has_room(samples) && overflow_ == QueueOverflow::kWait) wait_for_room(lock, samples);
  if (!has_room(samples)) {
    dropped_ += samples;
    batch.samples.clear();
    batch.sources.clear();
    // Later samples use the tag sets.
    if (batch.new_tags.empty()) return;
  }
  take(std::move(batch));
}

void SampleQueue::push_now(SampleBatch&& batch) {
  const std::lock_guard lock(mutex_);
  PERIGEE_CHECK(!closed_);
  take(std::move(batch));
}

void SampleQueue::take(SampleBatch&& batch) {
  held_ += batch.samples.size();
  batches_.push_back(std::move(batch));
  not_empty_.notify_one();
}

void SampleQueue::wait_for_room(std::unique_lock<std::mutex>& lock, size_t samples) {
  ++waiting_;
  waited_ -= now();
  not_full_.wait(lock, [&] { return has_room(samples) || overflow_ == QueueOverflow::kDrop; });
  waited_ += now();
  --waiting_;
}

std::optional<SampleBatch> SampleQueue::pop() {
  std::unique_lock lock(mutex_);
  not_empty_.wait(lock, [&] { return closed_ || !batches_.empty(); });
  if (batches_.empty()) return std::nullopt;
  SampleBatch batch = std::move(batches_.front());
  batches_.pop_front();
  held_ -= batch.samples.size();
  not_full_.notify_all();
  return batch;
}

void SampleQueue::stop_waiting() {
  const std::lock_guard lock(mutex_);
  overflow_ = QueueOverflow::kDrop;
  not_full_.notify_all();
}

void SampleQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  not_empty_.notify_all();
}

uint64_t SampleQueue::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

uint64_t SampleQueue::held() const {
  const std::lock_guard lock(mutex_);
  return held_;
}

Duration SampleQueue::waited() const {
  const std::lock_guard lock(mutex_);
  return waited_ + waiting_ * now();
}

}  // namespace perigee
