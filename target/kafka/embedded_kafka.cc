#include "target/kafka/embedded_kafka.h"

#include "modules/kafka/mock_cluster.h"
#include "target/kafka/bootstrap_relay.h"
#include "target/kafka/inference_gateway.h"

namespace perigee {
namespace {

// One broker has all partitions: where a cluster of several would lead is no matter here.
constexpr int kBrokers = 1;

Address broker_address(const kafka::MockCluster& cluster) {
  const std::string text = cluster.bootstrap();
  const size_t colon = text.rfind(':');
  return *Address::parse(text.substr(0, colon),
                         static_cast<uint16_t>(std::stoul(text.substr(colon + 1))));
}

class MockKafka final : public EmbeddedKafka {
 public:
  MockKafka(const KafkaOptions& options, const KafkaContext& context)
      : cluster_(kBrokers),
        gateway_(context, cluster_, options.topics),
        relay_(context.loop, *Address::parse("127.0.0.1", options.port), broker_address(cluster_)) {
  }

  const Address& address() const override { return relay_.address(); }

 private:
  kafka::MockCluster cluster_;
  InferenceGateway gateway_;
  BootstrapRelay relay_;
};

}  // namespace

std::unique_ptr<EmbeddedKafka> make_embedded_kafka(const KafkaOptions& options,
                                                   const KafkaContext& context) {
  return std::make_unique<MockKafka>(options, context);
}

}  // namespace perigee
