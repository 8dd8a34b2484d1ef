// Admin clients of scripts. The mock cluster makes and deletes no topics: Apache Kafka's tests do.
#include <string>

#include <doctest/doctest.h>

#include "tests/modules/kafka/kafka_fixture.h"

namespace perigee {
namespace {

constexpr std::string_view kClients = R"lua(
    local producer = kafka.producer{ ["bootstrap.servers"] = servers, ["linger.ms"] = 0 }
    local consumer = kafka.consumer{ ["bootstrap.servers"] = servers, ["group.id"] = "g",
      partitions = { { topic = "t", partition = 1, offset = "beginning" } } }
    local admin = kafka.admin{ ["bootstrap.servers"] = servers }
  )lua";

}  // namespace

TEST_CASE("an admin client lists and describes topics and brokers") {
  KafkaScript test(R"lua(
    assert(table.concat(admin:list_topics(), " ") == "t u")
    local partitions = admin:describe_topic("t")
    assert(#partitions == 2 and partitions[2].partition == 1 and partitions[1].leader == 1)
    assert(#partitions[1].replicas == 1 and #partitions[1].isrs == 1)
    local brokers = admin:metadata().brokers
    assert(#brokers == 1 and brokers[1].id == 1 and brokers[1].host == "127.0.0.1")
  )lua",
                   kClients);
  test.cluster.create_topic("t", 2);
  test.cluster.create_topic("u", 1);
  test.run();
}

TEST_CASE("offsets and a group's lag are those of each partition") {
  KafkaScript test(R"lua(
    for i = 1, 5 do producer:produce{ topic = "t", partition = 1, value = "v" } end
    local offsets = admin:offsets("t")
    assert(#offsets == 2 and offsets[1].next == 0)
    assert(offsets[2].partition == 1 and offsets[2].first == 0 and offsets[2].next == 5)
    assert(#consumer:poll{ min = 3, max = 3, timeout = "10s" } == 3)
    assert(consumer:commit())
    local lags = admin:group_lag("g", "t")
    assert(lags[1].committed == nil and lags[1].lag == 0)
    assert(lags[2].committed == 3 and lags[2].next == 5 and lags[2].lag == 2)
  )lua",
                   kClients);
  test.cluster.create_topic("t", 2);
  test.run();
}

TEST_CASE("what brokers do not answer is an error after the time limit") {
  KafkaScript test(R"lua(
    local topics, failure = admin:list_topics("50ms")
    assert(topics == nil and failure.name == "_TRANSPORT" or failure.name == "_TIMED_OUT", failure.name)
    assert(failure.code < 0 and failure.message ~= "")
  )lua",
                   R"lua(local admin = kafka.admin{ ["bootstrap.servers"] = "127.0.0.1:1" })lua");
  test.run();
}

TEST_CASE("an admin call that is interrupted troubles nobody") {
  KafkaScript test(R"lua(
    if __ITER == 0 then admin:list_topics("100ms") end
  )lua",
                   R"lua(local admin = kafka.admin{ ["bootstrap.servers"] = "127.0.0.1:1" })lua");
  test.script.start();
  test.script.vu().interrupt();
  test.run();
}

TEST_CASE("a topic's parameters name what is wrong") {
  for (const auto& [call, part] :
       {std::pair{R"lua(admin:create_topic{ topics = "t" })lua",
                  "there is no parameter \"topics\""},
        std::pair{R"lua(admin:create_topic{ topic = "t", partitions = 0 })lua",
                  "partitions must be"},
        std::pair{R"lua(admin:create_topic{})lua", "topic must be a string"}}) {
    KafkaScript test(call, kClients);
    CHECK(test.script.iterate() == IterationResult::kFailed);
    CAPTURE(test.script.vu().error());
    CHECK(test.script.vu().error().find(part) != std::string::npos);
  }
}

}  // namespace perigee
