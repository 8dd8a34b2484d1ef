// Samples on their way from the workers to the outputs, bounded over all workers.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>

#include "engine/base/clock.h"
#include "engine/base/limits.h"
#include "engine/output/output.h"

namespace perigee {

// What happens to samples for which the queue has no room.
enum class QueueOverflow {
  kWait,  // the load waits until there is
  kDrop,  // they are left out and counted
};

// Thread-safe. Its memory never grows past its room, and what it leaves out is counted.
class SampleQueue {
 public:
  explicit SampleQueue(QueueOverflow overflow = QueueOverflow::kWait,
                       size_t room = limits::kRawSamples)
      : overflow_(overflow), room_(room) {}

  // While the queue is full this waits, or drops the batch's samples. A batch larger than the room
  // passes when the queue is empty. Must not be called after `close`.
  void push(SampleBatch&& batch);

  // Takes the batch in any case and at once: for a thread that must not wait and has few samples.
  void push_now(SampleBatch&& batch);

  // Waits for a batch; nothing once the queue is closed and empty.
  std::optional<SampleBatch> pop();

  // From now on a full queue drops, and what waits in `push` goes on: nobody takes anything out.
  void stop_waiting();

  // No more will be pushed.
  void close();

  // How long `push` has waited so far, over all threads, waits that go on included.
  Duration waited() const;

  // Samples that were left out so far.
  uint64_t dropped() const;
  // Samples that are in it now.
  uint64_t held() const;

 private:
  void wait_for_room(std::unique_lock<std::mutex>& lock, size_t samples);
  void take(SampleBatch&& batch);
  bool has_room(size_t samples) const { return held_ == 0 || held_ + samples <= room_; }

  QueueOverflow overflow_;
  const size_t room_;
  mutable std::mutex mutex_;
  std::condition_variable not_full_;
  std::condition_variable not_empty_;
  std::deque<SampleBatch> batches_;
  size_t held_ = 0;
  uint64_t dropped_ = 0;
  bool closed_ = false;
  int waiting_ = 0;
  // The ends of all waits less their beginnings; those that go on lack their end.
  Duration waited_{};
};

}  // namespace perigee
