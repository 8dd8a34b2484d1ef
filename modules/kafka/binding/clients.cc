#include "modules/kafka/binding/clients.h"

namespace perigee {

KafkaProducer& KafkaClients::producer(const KafkaProducerOptions& options) {
  KafkaProducer*& shared = shared_producers_[identity(options)];
  if (shared != nullptr && !options.per_vu) return *shared;
  hide_secrets(options.settings.properties, context_.log);
  producers_.push_back(
      std::make_unique<KafkaProducer>(context_, options.settings, options.waits_when_full));
  if (!options.per_vu) shared = producers_.back().get();
  return *producers_.back();
}

kafka::Consumer& KafkaClients::consumer(const KafkaConsumerOptions& options) {
  kafka::Consumer*& shared = shared_consumers_[identity(options)];
  if (shared != nullptr && !options.per_vu) return *shared;
  hide_secrets(options.settings.properties, context_.log);
  consumers_.push_back(std::make_unique<kafka::Consumer>(context_, options.settings));
  if (!options.per_vu) shared = consumers_.back().get();
  return *consumers_.back();
}

}  // namespace perigee
