// Looks for topics that clients have made, on a thread of its own: the library's call for that
// waits.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "modules/kafka/rdkafka.h"

namespace perigee {

class TopicFinder {
 public:
  using OnTopics = std::function<void(std::vector<std::string> names)>;

  // Calls `on_topics` with the names of all topics, now and then, on its thread. Throws
  // std::runtime_error.
  TopicFinder(const std::string& brokers, OnTopics on_topics);
  // Waits for the call that is under way.
  ~TopicFinder();
  TopicFinder(const TopicFinder&) = delete;
  TopicFinder& operator=(const TopicFinder&) = delete;

 private:
  void look_until_end();
  std::vector<std::string> find() const;

  const OnTopics on_topics_;
  const kafka::HandlePtr handle_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace perigee
