// The broker inside `perigee serve --kafka`, with a gateway that answers inferences on its topics.
#pragma once

#include <memory>

#include "engine/base/log.h"
#include "engine/loop/loop.h"
#include "engine/net/address.h"
#include "target/behaviour.h"
#include "target/inference_repository.h"
#include "target/kafka/kafka_options.h"
#include "target/target_stats.h"

namespace perigee {

// The worker that the gateway belongs to; all of it outlives the broker.
struct KafkaContext {
  Loop& loop;
  InferenceRepository& repository;
  Behaviour& behaviour;
  StatsShard& stats;
  Log& log;
};

class EmbeddedKafka {
 public:
  EmbeddedKafka() = default;
  virtual ~EmbeddedKafka() = default;
  EmbeddedKafka(const EmbeddedKafka&) = delete;
  EmbeddedKafka& operator=(const EmbeddedKafka&) = delete;

  // What clients write as bootstrap.servers, with the real port.
  virtual const Address& address() const = 0;
};

// Throws std::runtime_error if it can't listen, and ConfigError in a build without Kafka.
std::unique_ptr<EmbeddedKafka> make_embedded_kafka(const KafkaOptions& options,
                                                   const KafkaContext& context);

}  // namespace perigee
