// A queue of librdkafka's events on a loop: it signals a file descriptor, and no thread polls.
#pragma once

#include <functional>
#include <optional>

#include "engine/loop/readable.h"
#include "modules/kafka/rdkafka.h"

namespace perigee::kafka {

// Used on the loop's thread only.
class EventQueue {
 public:
  // `on_ready` is called when the queue has events; it takes all of them, or asks to be called
  // again.
  EventQueue(Loop& loop, QueuePtr queue, std::function<void()> on_ready);
  ~EventQueue();
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  // The next event, or null.
  EventPtr next() { return EventPtr(rd_kafka_queue_poll(queue_.get(), 0)); }
  // Has `on_ready` called on a later turn.
  void ask_again();
  rd_kafka_queue_t* get() { return queue_.get(); }

 private:
  void on_readable();

  QueuePtr queue_;
  int fd_;
  std::function<void()> on_ready_;
  std::optional<Readable> readable_;
};

}  // namespace perigee::kafka
