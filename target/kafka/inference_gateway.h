// Answers inferences over topics, as Seldon's model and pipeline gateways do.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/loop/timer_queue.h"
#include "modules/kafka/mock_cluster.h"
#include "target/kafka/embedded_kafka.h"
#include "target/kafka/gateway_topics.h"
#include "target/kafka/record_inference.h"
#include "target/kafka/topic_finder.h"
#include "target/kafka/topic_reader.h"
#include "target/kafka/topic_writer.h"

namespace perigee {

// A request on the inputs of a model or pipeline is answered on its outputs, with the same key,
// partition and headers; what goes wrong on the topic of errors. Used on its worker's thread.
class InferenceGateway {
 public:
  // Makes the topics of all that is served. Throws std::runtime_error.
  InferenceGateway(const KafkaContext& context, kafka::MockCluster& cluster, std::string root);

 private:
  struct Served {
    std::string routed;
    std::string name;
    std::string outputs;
    int output_partitions = 1;
  };

  void follow();
  void serve_all(const std::vector<std::string>& topics);
  void serve(const std::string& routed);
  int make_topic(const std::string& topic);
  void on_message(const rd_kafka_message_t& message);
  OutgoingMessage answer(const Served& served, const rd_kafka_message_t& message, Instant at);
  void send_due();
  void send(OutgoingMessage message);

  KafkaContext context_;
  kafka::MockCluster& cluster_;
  const std::string root_;
  const std::string errors_;
  RecordInference inference_;
  TopicWriter writer_;
  TopicReader reader_;
  std::unordered_map<std::string, Served> served_;  // by the topic of inputs
  uint64_t revision_ = 0;                           // of the repository, when it was looked at
  std::multimap<Instant, OutgoingMessage> delayed_;
  Timer due_;
  Timer look_;  // after what has been loaded meanwhile
  TopicFinder finder_;
};

}  // namespace perigee
