// Consumers of scripts.
#include <string>

#include <doctest/doctest.h>

#include "tests/modules/kafka/kafka_fixture.h"

namespace perigee {
namespace {

std::string with_consumer(std::string_view settings) {
  return fmt::format(R"lua({}
    local consumer = kafka.consumer{{ ["bootstrap.servers"] = servers, {} }})lua",
                     kProducer, settings);
}

constexpr std::string_view kFirstPartition =
    R"lua(partitions = { { topic = "t", partition = 0, offset = "beginning" } })lua";

}  // namespace

TEST_CASE("poll returns at most max messages, and waits for min of them") {
  KafkaScript test(R"lua(
    for i = 1, 10 do producer:send{ topic = "t", value = tostring(i), partition = 0 } end
    local three = consumer:poll{ max = 3, min = 3, timeout = "10s" }
    assert(#three == 3 and three[1].value == "1" and three[3].value == "3")
    local rest = consumer:poll{ max = 100, min = 7, timeout = "10s" }
    assert(#rest == 7 and rest[7].value == "10" and rest[7].offset == 9)
    assert(#consumer:poll{ timeout = 1 } == 0)
  )lua",
                   with_consumer(kFirstPartition));
  test.run();
  CHECK(test.script.sum("kafka_messages_consumed", {{"topic", "t"}}) == 10);
  CHECK(test.script.sum("kafka_bytes_consumed") == 11);
}

TEST_CASE("VUs that share a consumer take turns, and no message is read twice") {
  KafkaScript test(R"lua(
    for i = 1, 5 do producer:send{ topic = "t", value = "v", partition = 0 } end
    for i = 1, 5 do assert(#consumer:poll{ max = 1, timeout = "10s" } == 1) end
  )lua",
                   with_consumer(kFirstPartition));
  for (const uint64_t vu : {uint64_t{1}, uint64_t{2}, uint64_t{3}})
    CHECK(test.script.iterate(vu) == IterationResult::kCompleted);
  CHECK(test.script.sum("kafka_messages_consumed") == 15);
}

TEST_CASE("the header of a stamped message tells the time from end to end") {
  KafkaScript test(R"lua(
    producer:send{ topic = "t", value = "v", partition = 0, headers = { own = "1" } }
    local message = consumer:poll{ timeout = "10s" }[1]
    assert(message.headers.own == "1" and tonumber(message.headers["perigee-sent"]) > 0)
  )lua",
                   fmt::format(R"lua(local producer = kafka.producer{{
      ["bootstrap.servers"] = servers, stamp = true }}
    local consumer = kafka.consumer{{ ["bootstrap.servers"] = servers, {} }})lua",
                               kFirstPartition));
  test.run();
  CHECK(test.script.samples("kafka_end_to_end_duration", {{"topic", "t"}}) == 1);
  CHECK(test.script.sum("kafka_end_to_end_duration") > 0);
}

TEST_CASE("a group gives its member partitions, whose messages it reads and commits") {
  KafkaScript test(R"lua(
    assert(consumer:await_assignment("30s"))
    assert(consumer:await_assignment("30s"))
    assert(#consumer:assignment() == 4 and consumer:assignment()[1].topic == "t")
    producer:produce{ topic = "t", value = "v", partition = 3 }
    local messages = consumer:poll{ timeout = "10s" }
    assert(#messages == 1 and messages[1].partition == 3)
    assert(consumer:position("t", 3) == 1 and consumer:position("t", 2) == nil)
    assert(consumer:commit())
    assert(consumer:commit())
    assert(consumer:lag() == 0)
  )lua",
                   with_consumer(R"lua(topics = "t", ["group.id"] = "g",
                     ["auto.offset.reset"] = "earliest")lua"));
  test.cluster.create_topic("t", 4);
  test.run();
  CHECK(test.script.sum("kafka_rebalances") == 1);
}

TEST_CASE("a commit is heard of while messages wait to be read") {
  KafkaScript test(R"lua(
    for i = 1, 5 do producer:produce{ topic = "t", value = "v", partition = 0 } end
    assert(#consumer:poll{ max = 1, timeout = "10s" } == 1)
    assert(consumer:commit())
    assert(#consumer:poll{ min = 4, timeout = "10s" } == 4)
  )lua",
                   with_consumer(R"lua(["group.id"] = "g",
                     partitions = { { topic = "t", partition = 0, offset = "beginning" } })lua"));
  test.run();
}

TEST_CASE("waiting for partitions ends with its time limit") {
  KafkaScript test(R"lua(
    assert(consumer:await_assignment(1) == false)
    assert(#consumer:assignment() == 0)
  )lua",
                   with_consumer(R"lua(topics = { "t" }, ["group.id"] = "g")lua"));
  test.cluster.set_down(1);
  test.run();
}

TEST_CASE("seek goes on from another offset") {
  KafkaScript test(R"lua(
    for i = 1, 5 do producer:send{ topic = "t", value = tostring(i), partition = 0 } end
    assert(#consumer:poll{ min = 4, max = 4, timeout = "10s" } == 4)
    consumer:seek{ topic = "t", partition = 0, offset = 1 }
    local again = consumer:poll{ min = 4, max = 10, timeout = "10s" }
    assert(#again == 4 and again[1].value == "2", again[1].value)
    consumer:seek{ topic = "t", partition = 0, offset = "beginning" }
    assert(consumer:poll{ max = 1, timeout = "10s" }[1].value == "1")
    local ok, message = pcall(consumer.seek, consumer, { topic = "t", partition = 1, offset = 0 })
    assert(not ok and message:find("does not read partition 1 of \"t\"", 1, true), message)
  )lua",
                   with_consumer(kFirstPartition));
  test.run();
}

TEST_CASE("an interrupted poll leaves its messages to the next one") {
  KafkaScript test(R"lua(
    if __ITER == 1 then producer:send{ topic = "t", value = "v", partition = 0 } end
    assert(#consumer:poll{ timeout = "10s" } == 1)
  )lua",
                   with_consumer(kFirstPartition));
  test.script.start();
  test.script.vu().interrupt();
  test.run();
}

}  // namespace perigee
