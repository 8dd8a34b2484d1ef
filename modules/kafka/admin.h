// Asks brokers about topics, offsets and groups, and has them make topics. Each function waits for
// the brokers: not for the threads of loops.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "modules/kafka/broker_error.h"
#include "modules/kafka/properties.h"
#include "modules/kafka/rdkafka.h"

namespace perigee::kafka {

struct TopicSpec {
  std::string name;
  int partitions = -1;  // the broker's default
  int replication_factor = -1;
  std::map<std::string, std::string> config{};
};

// One client for all; may be used by several threads. Throws std::runtime_error for properties that
// no client can be made of.
class Admin {
 public:
  using Timeout = std::chrono::milliseconds;

  explicit Admin(const Properties& properties);

  // All throw BrokerError.
  void create_topic(const TopicSpec& topic, Timeout timeout);
  void delete_topic(const std::string& name, Timeout timeout);
  // { brokers = [{id, host, port}], topics = {name: [{partition, leader, replicas, isrs}]} }; of
  // one topic, or of all where the name is empty.
  nlohmann::json metadata(const std::string& topic, Timeout timeout);
  // [{partition, first, next}]: the first offset that is there, and that of the next message.
  nlohmann::json offsets(const std::string& topic, Timeout timeout);
  // [{partition, committed, next, lag}] of a group in a topic; without a commit the lag is to the
  // first offset.
  nlohmann::json group_lag(const std::string& group, const std::string& topic, Timeout timeout);

 private:
  EventPtr wait_for(rd_kafka_queue_t* queue, Timeout timeout);

  const Properties properties_;
  HandlePtr handle_;
};

}  // namespace perigee::kafka
