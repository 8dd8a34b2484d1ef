// Reads topics of a broker, as they get known, and gives their messages on a loop.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/loop/loop.h"
#include "modules/kafka/event_queue.h"

namespace perigee {

// Used on its loop's thread.
class TopicReader {
 public:
  using OnMessage = std::function<void(const rd_kafka_message_t& message)>;

  // Throws std::runtime_error.
  TopicReader(Loop& loop, const std::string& brokers, OnMessage on_message);
  ~TopicReader();
  TopicReader(const TopicReader&) = delete;
  TopicReader& operator=(const TopicReader&) = delete;

  // Gives all messages of the topic's partitions, from the first on.
  void read(const std::string& topic, int partitions);

 private:
  struct Topic {
    kafka::TopicPtr handle;
    int partitions;
  };

  void on_ready();

  OnMessage on_message_;
  kafka::HandlePtr handle_;
  kafka::EventQueue queue_;
  std::vector<Topic> topics_;
};

}  // namespace perigee
