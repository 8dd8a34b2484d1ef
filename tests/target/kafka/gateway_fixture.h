// A target with a broker, and a client of its topics.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "target/kafka/gateway_client.h"
#include "target/kafka/topic_reader.h"
#include "target/kafka/topic_writer.h"
#include "tests/target/target_fixture.h"

namespace perigee {

struct ReceivedMessage {
  std::string topic, key, value;
  std::map<std::string, std::string> headers;
};

inline TargetOptions with_kafka(TargetOptions options = {}) {
  if (!options.kafka) options.kafka.emplace();
  options.kafka->port = 0;
  return options;
}

class GatewayClient {
 public:
  explicit GatewayClient(const std::string& brokers)
      : admin_(make_gateway_client(RD_KAFKA_PRODUCER, brokers, {})),
        writer_(brokers),
        reader_(loop_, brokers, [this](const rd_kafka_message_t& message) { keep(message); }) {}

  // Begins to read, from the first message on. There is the topic then.
  void listen(const std::string& topic) {
    constexpr int kPatienceMs = 20'000;
    const kafka::TopicPtr handle(rd_kafka_topic_new(admin_.get(), topic.c_str(), nullptr));
    const rd_kafka_metadata_t* found = nullptr;
    REQUIRE(rd_kafka_metadata(admin_.get(), 0, handle.get(), &found, kPatienceMs) ==
            kafka::kNoError);
    reader_.read(topic, found->topics[0].partition_cnt);
    rd_kafka_metadata_destroy(found);
  }

  void send(const std::string& topic, const std::string& key, const std::string& value,
            const std::map<std::string, std::string>& headers = {}) {
    OutgoingMessage message{
        .topic = topic, .key = key, .has_key = true, .value = value, .headers = {}};
    message.headers.reset(rd_kafka_headers_new(headers.size()));
    for (const auto& [name, text] : headers)
      rd_kafka_header_add(message.headers.get(), name.c_str(), -1, text.c_str(), -1);
    REQUIRE(writer_.write(std::move(message)));
  }

  // The next message of what it listens to.
  ReceivedMessage receive() {
    while (received_.empty())
      loop_.run_once();
    ReceivedMessage first = received_.front();
    received_.erase(received_.begin());
    return first;
  }

 private:
  static std::string text(const void* bytes, size_t size) {
    return bytes == nullptr ? "" : std::string(static_cast<const char*>(bytes), size);
  }

  void keep(const rd_kafka_message_t& message) {
    ReceivedMessage& kept = received_.emplace_back();
    kept.topic = rd_kafka_topic_name(message.rkt);
    kept.key = text(message.key, message.key_len);
    kept.value = text(message.payload, message.len);
    rd_kafka_headers_t* headers = nullptr;
    if (rd_kafka_message_headers(&message, &headers) != kafka::kNoError) return;
    const char* name = nullptr;
    const void* value = nullptr;
    size_t size = 0;
    for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == kafka::kNoError;
         ++i)
      kept.headers[name] = text(value, size);
  }

  Loop loop_;
  kafka::HandlePtr admin_;
  std::vector<ReceivedMessage> received_;
  TopicWriter writer_;
  TopicReader reader_;
};

struct GatewayFixture : TargetFixture {
  explicit GatewayFixture(const TargetOptions& options = {})
      : TargetFixture(with_kafka(options)), client(target.kafka()->address().text()) {}

  GatewayClient client;
};

}  // namespace perigee
