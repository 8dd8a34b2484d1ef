// Samples on their way from the workers to the outputs, bounded over all workers.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>

#include "engine/base/clock.h"
#include "engine/base/limits.h"
#include "engine/output/output.h"

namespace perigee {

// Thread-safe. While it is full the load waits: rows are never dropped and memory never grows.
class SampleQueue {
 public:
  explicit SampleQueue(size_t room = limits::kRawSamples) : room_(room) {}

  // Waits while the queue is full. A batch larger than the room passes when the queue is empty.
  // Must not be called after `close`.
  void push(SampleBatch&& batch);

  // Waits for a batch; nothing once the queue is closed and empty.
  std::optional<SampleBatch> pop();

  // No more will be pushed.
  void close();

  // How long `push` has waited so far, over all threads, waits that go on included.
  Duration waited() const;

 private:
  void wait_for_room(std::unique_lock<std::mutex>& lock, size_t samples);
  bool has_room(size_t samples) const { return held_ == 0 || held_ + samples <= room_; }

  const size_t room_;
  mutable std::mutex mutex_;
  std::condition_variable not_full_;
  std::condition_variable not_empty_;
  std::deque<SampleBatch> batches_;
  size_t held_ = 0;
  bool closed_ = false;
  int waiting_ = 0;
  // The ends of all waits less their beginnings; those that go on lack their end.
  Duration waited_{};
};

}  // namespace perigee
