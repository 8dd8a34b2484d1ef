// Writes messages to topics of a broker.
#pragma once

#include <string>
#include <string_view>

#include "modules/kafka/rdkafka.h"

namespace perigee {

struct OutgoingMessage {
  std::string topic;
  int32_t partition = RD_KAFKA_PARTITION_UA;
  std::string key;
  bool has_key = false;
  std::string value;
  kafka::HeadersPtr headers;
};

class TopicWriter {
 public:
  // Throws std::runtime_error.
  explicit TopicWriter(const std::string& brokers);

  // Does not wait. False if the message can't be sent.
  bool write(OutgoingMessage message);

 private:
  kafka::HandlePtr handle_;
};

}  // namespace perigee
