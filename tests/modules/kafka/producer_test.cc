// Producers of scripts.
#include <string>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/modules/kafka/kafka_fixture.h"

namespace perigee {

TEST_CASE("produce waits for the delivery and says where the message is") {
  KafkaScript test(R"lua(
    local report = producer:produce{ topic = "t", key = "k", value = "v", partition = 2 }
    assert(report.error == nil and report.partition == 2 and report.offset == 0)
    assert(report.latency > 0)
    assert(producer:produce{ topic = "t", value = "w", partition = 2 }.offset == 1)
  )lua");
  test.run();
  test.check_books(2, 2, 0, 0);
  CHECK(test.script.sum("kafka_messages_delivered", {{"topic", "t"}, {"scenario", "default"}}) ==
        2);
  CHECK(test.script.sum("kafka_bytes_produced") == 3);
  CHECK(test.script.samples("kafka_produce_duration") == 2);
  CHECK(test.script.samples("kafka_produce_failed") == 2);
  CHECK(test.script.sum("kafka_produce_failed") == 0);
}

TEST_CASE("send does not wait, and its delivery is counted and measured") {
  KafkaScript test(R"lua(
    for i = 1, 100 do assert(producer:send{ topic = "t", value = "v" .. i }) end
    assert(producer:send("t", "value", "key") == true)
  )lua");
  test.run();
  test.flush();
  test.check_books(101, 101, 0, 0);
  CHECK(test.script.samples("kafka_produce_duration", {{"topic", "t"}}) == 101);
}

TEST_CASE("send_batch takes messages, or values of one topic") {
  KafkaScript test(R"lua(
    assert(producer:send_batch{ { topic = "t", value = "a" }, { topic = "u", key = "k" } } == 2)
    assert(producer:send_batch({ "a", "b", 5 }, "t") == 3)
    assert(producer:send_batch{} == 0)
  )lua");
  test.run();
  test.flush();
  test.check_books(5, 5, 0, 0);
  CHECK(test.script.sum("kafka_messages_delivered", {{"topic", "u"}}) == 1);
}

TEST_CASE("a full queue is waited for, which is measured") {
  KafkaScript test(R"lua(
    for i = 1, 40 do producer:send("t", "v") end
    local values = {}
    for i = 1, 40 do values[i] = "v" end
    assert(producer:send_batch(values, "t") == 40)
    for i = 1, 10 do assert(producer:produce{ topic = "t", value = "v" }.error == nil) end
  )lua",
                   R"lua(local producer = kafka.producer{
                     ["bootstrap.servers"] = servers, ["queue.buffering.max.messages"] = 10 })lua");
  test.run();
  test.flush();
  test.check_books(90, 90, 0, 0);
  CHECK(test.script.samples("kafka_queue_full_duration") > 0);
}

TEST_CASE("a message that an empty queue has no room for fails instead of waiting for ever") {
  KafkaScript test(R"lua(
    local taken, failure = producer:send("t", ("x"):rep(5000))
    assert(taken == false and failure.name == "_QUEUE_FULL")
    assert(producer:produce{ topic = "t", value = "v" }.error == nil)
  )lua",
                   R"lua(local producer = kafka.producer{
                     ["bootstrap.servers"] = servers, ["queue.buffering.max.kbytes"] = 1 })lua");
  test.run();
  test.check_books(2, 1, 1, 0);
}

TEST_CASE("a full queue is an error where the script says so, and each message is counted") {
  KafkaScript test(R"lua(
    local refused = 0
    for i = 1, 30 do
      local taken, failure = producer:send("t", "v")
      if not taken then
        refused = refused + 1
        assert(failure.name == "_QUEUE_FULL" and failure.code < 0 and failure.message ~= "")
      end
    end
    assert(refused == 20, refused)
  )lua",
                   R"lua(local producer = kafka.producer{ ["bootstrap.servers"] = servers,
                     when_full = "error", ["queue.buffering.max.messages"] = 10 })lua");
  test.run();
  test.flush();
  test.check_books(30, 10, 20, 0);
  CHECK(test.script.sum("kafka_messages_failed", {{"error", "_QUEUE_FULL"}}) == 20);
  CHECK(test.script.sum("kafka_produce_failed") == 20);
}

TEST_CASE("a message that is too large for the client fails at once") {
  KafkaScript test(R"lua(
    local large = ("x"):rep(2000)
    local report = producer:produce{ topic = "t", value = large }
    assert(report.error.name == "MSG_SIZE_TOO_LARGE" and report.partition == nil)
    local taken, failure = producer:send("t", large)
    assert(taken == false and failure.name == "MSG_SIZE_TOO_LARGE")
  )lua",
                   R"lua(local producer = kafka.producer{ ["bootstrap.servers"] = servers,
                     ["message.max.bytes"] = 1000 })lua");
  test.run();
  test.check_books(2, 0, 2, 0);
}

TEST_CASE("an error of the broker is the report's, and judged by its number alone") {
  KafkaScript test(R"lua(
    local report = producer:produce{ topic = "t", value = "v" }
    assert(report.error.name == "TOPIC_AUTHORIZATION_FAILED", report.error.name)
    assert(report.offset == nil)
  )lua");
  constexpr int16_t kProduce = 0;
  test.cluster.fail_requests(kProduce, {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED});
  test.run();
  test.check_books(1, 0, 1, 0);
  CHECK(test.script.sum("kafka_messages_failed",
                        {{"error", "TOPIC_AUTHORIZATION_FAILED"}, {"topic", "t"}}) == 1);
}

TEST_CASE("what is on its way at the end of the time for it is interrupted") {
  KafkaScript test(R"lua(
    for i = 1, 20 do producer:send("t", "v") end
    assert(producer:outstanding() == 20)
  )lua");
  test.cluster.set_down(1);
  test.run();
  test.flush(std::chrono::milliseconds(1));
  test.check_books(20, 0, 0, 20);
}

TEST_CASE("a flush that is cut off interrupts what is on its way") {
  KafkaScript test(R"lua(producer:send("t", "v"))lua");
  test.cluster.set_down(1);
  test.run();
  bool flushed = false;
  test.script.host().flush(test.script.loop().now() + std::chrono::hours(1),
                           [&] { flushed = true; });
  CHECK(!flushed);
  test.script.host().cut_flush();
  while (!flushed)
    test.script.loop().run_once();
  test.check_books(1, 0, 0, 1);
}

TEST_CASE("a message goes on when the VU that waits for it is interrupted") {
  KafkaScript test(R"lua(producer:produce{ topic = "t", value = "v" })lua");
  test.script.start();
  test.script.vu().interrupt();
  test.flush();
  test.check_books(1, 1, 0, 0);
  // The call is used again.
  test.run();
  test.check_books(2, 2, 0, 0);
}

TEST_CASE("a message that finds no broker in time has timed out") {
  KafkaScript test(R"lua(
    local report = producer:produce{ topic = "t", value = "v" }
    assert(report.error.name == "_MSG_TIMED_OUT", report.error.name)
  )lua",
                   R"lua(local producer = kafka.producer{ ["bootstrap.servers"] = "127.0.0.1:1",
                     ["message.timeout.ms"] = 50 })lua");
  test.run();
  test.check_books(1, 0, 1, 0);
  CHECK(test.script.sum("kafka_errors") > 0);
  CHECK(test.script.told("Connection refused"));
}

TEST_CASE("VUs share the producers whose settings are the same, unless each wants one") {
  for (const auto& [setting, own] : {std::pair{"", "1"}, std::pair{"per_vu = true,", "0"}}) {
    const std::string_view sharing = setting;
    CAPTURE(sharing);
    KafkaScript test(fmt::format(R"lua(
      producer:send("t", "v")
      if __VU == 2 then assert(producer:outstanding() == {} + 1) end
    )lua",
                                 own),
                     fmt::format(R"lua(local producer = kafka.producer{{
                       ["bootstrap.servers"] = servers, {} ["linger.ms"] = 10000 }})lua",
                                 setting));
    REQUIRE(test.script.iterate(1) == IterationResult::kCompleted);
    const IterationResult second = test.script.iterate(2);
    INFO(test.script.vu(2).error());
    CHECK(second == IterationResult::kCompleted);
    test.flush(Duration::zero());
  }
}

TEST_CASE("messages have headers, a timestamp, keys and values of any bytes, or none") {
  KafkaScript test(R"lua(
    producer:produce{ topic = "t", partition = 0, key = "k\0", value = "\255\0v", timestamp = 1234567890123,
      headers = { b = "2", a = { "1", "3" }, n = 5 } }
    producer:produce{ topic = "t", partition = 0, key = 7 }
    local messages = consumer:poll{ min = 2, timeout = "10s" }
    local first, second = messages[1], messages[2]
    assert(first.topic == "t" and first.partition == 0 and first.offset == 0)
    assert(first.key == "k\0" and first.value == "\255\0v" and first.timestamp == 1234567890123)
    assert(first.headers.b == "2" and first.headers.n == "5")
    assert(#first.headers.a == 2 and first.headers.a[1] == "1" and first.headers.a[2] == "3")
    assert(second.key == "7" and second.value == nil and next(second.headers) == nil)
  )lua",
                   std::string(kProducer) + R"lua( local consumer = kafka.consumer{
                     ["bootstrap.servers"] = servers,
                     partitions = { { topic = "t", partition = 0, offset = "beginning" } } })lua");
  test.run();
}

}  // namespace perigee
