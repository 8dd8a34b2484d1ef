#include "engine/base/config_error.h"
#include "target/kafka/embedded_kafka.h"

// Stands in for embedded_kafka.cc in builds without librdkafka.

namespace perigee {

std::unique_ptr<EmbeddedKafka> make_embedded_kafka(const KafkaOptions& /*options*/,
                                                   const KafkaContext& /*context*/) {
  throw ConfigError(
      "--kafka: this perigee was built without Kafka; build it with -DPERIGEE_KAFKA=ON, which "
      "needs librdkafka-dev");
}

}  // namespace perigee
