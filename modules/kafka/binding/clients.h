// The Kafka clients of one worker's scripts: VUs that want the same settings share one.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "modules/kafka/binding/producer.h"
#include "modules/kafka/binding/settings_reader.h"
#include "modules/kafka/consumer.h"

namespace perigee {

class KafkaClients {
 public:
  explicit KafkaClients(const kafka::ClientContext& context) : context_(context) {}

  // Both throw std::runtime_error.
  KafkaProducer& producer(const KafkaProducerOptions& options);
  kafka::Consumer& consumer(const KafkaConsumerOptions& options);

  const std::vector<std::unique_ptr<KafkaProducer>>& producers() const { return producers_; }
  const std::vector<std::unique_ptr<kafka::Consumer>>& consumers() const { return consumers_; }

 private:
  kafka::ClientContext context_;
  std::vector<std::unique_ptr<KafkaProducer>> producers_;
  std::vector<std::unique_ptr<kafka::Consumer>> consumers_;
  std::map<std::string, KafkaProducer*> shared_producers_;    // by identity
  std::map<std::string, kafka::Consumer*> shared_consumers_;  // by identity
};

}  // namespace perigee
