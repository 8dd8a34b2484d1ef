// What a reader gets of a topic whose broker has dropped its first messages.
#include "target/kafka/topic_reader.h"

#include <string>

#include <doctest/doctest.h>

#include "modules/kafka/mock_cluster.h"
#include "target/kafka/gateway_client.h"
#include "target/kafka/topic_writer.h"

namespace perigee {
namespace {

constexpr int64_t kMessages = 12;

// The offsets of the topic's first message that is still there, and behind its last.
struct Watermarks {
  int64_t first = 0;
  int64_t next = 0;
};

Watermarks watermarks(rd_kafka_t* client) {
  constexpr int kPatienceMs = 20'000;
  Watermarks marks;
  REQUIRE(rd_kafka_query_watermark_offsets(client, "t", 0, &marks.first, &marks.next,
                                           kPatienceMs) == kafka::kNoError);
  return marks;
}

// Waits until the topic has all messages; returns the offset of the first that is still there.
int64_t first_offset(const std::string& brokers) {
  const kafka::HandlePtr client = make_gateway_client(RD_KAFKA_PRODUCER, brokers, {});
  while (watermarks(client.get()).next < kMessages) {
  }
  // A query reads one mark after the other: the last message can come in between, and drop the
  // first.
  return watermarks(client.get()).first;
}

}  // namespace

TEST_CASE("a reader goes on with the first message that is still there") {
  kafka::MockCluster cluster(1);
  cluster.create_topic("t", 1);
  TopicWriter writer(cluster.bootstrap());
  for (int64_t i = 0; i < kMessages; ++i) {
    REQUIRE(
        writer.write({.topic = "t", .key = {}, .value = std::string(900'000, 'x'), .headers = {}}));
  }
  const int64_t first = first_offset(cluster.bootstrap());
  REQUIRE(first > 0);
  Loop loop;
  int64_t read = -1;
  TopicReader reader(loop, cluster.bootstrap(), [&read](const rd_kafka_message_t& message) {
    if (read < 0) read = message.offset;
  });
  reader.read("t", 1);
  while (read < 0)
    loop.run_once();
  CHECK(read == first);
}

}  // namespace perigee
