// Transactions of scripts. The mock cluster takes their calls; what readers see of them, Apache
// Kafka's tests show.
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "tests/modules/kafka/kafka_fixture.h"

namespace perigee {
namespace {

constexpr std::string_view kTransactional = R"lua(
    local producer = kafka.producer{ ["bootstrap.servers"] = servers, ["linger.ms"] = 0,
      ["transactional.id"] = "orders" }
    local consumer = kafka.consumer{ ["bootstrap.servers"] = servers, ["group.id"] = "g",
      partitions = { { topic = "in", partition = 0, offset = "beginning" } } }
  )lua";

}  // namespace

TEST_CASE("messages are sent in transactions, which are committed and aborted") {
  KafkaScript test(R"lua(
    for _ = 1, 3 do
      assert(producer:begin_transaction())
      producer:send("t", "v")
      assert(producer:produce{ topic = "t", value = "v" }.error == nil)
      assert(producer:commit_transaction("10s"))
    end
    assert(producer:begin_transaction())
    producer:send("t", "v")
    assert(producer:abort_transaction())
  )lua",
                   kTransactional);
  test.run();
  test.check_books(7, 7, 0, 0);
  CHECK(test.script.sum("kafka_transactions", {{"result", "committed"}}) == 3);
  CHECK(test.script.sum("kafka_transactions", {{"result", "aborted"}}) == 1);
  CHECK(test.script.samples("kafka_transaction_duration", {{"result", "committed"}}) == 3);
}

TEST_CASE("what was read becomes part of a transaction") {
  KafkaScript test(R"lua(
    assert(producer:begin_transaction())
    producer:produce{ topic = "in", partition = 0, value = "v" }
    assert(#consumer:poll{ timeout = "10s" } == 1)
    assert(producer:send_offsets(consumer))
    assert(producer:commit_transaction())
  )lua",
                   kTransactional);
  test.run();
}

TEST_CASE("a transaction that an iteration left open is aborted by the next one") {
  KafkaScript test(R"lua(
    assert(producer:begin_transaction())
    producer:send("t", "v")
    if __ITER == 0 then error("left open") end
    assert(producer:commit_transaction())
  )lua",
                   kTransactional);
  CHECK(test.script.iterate() == IterationResult::kFailed);
  test.run();
  CHECK(test.script.sum("kafka_transactions", {{"result", "committed"}}) == 1);
  CHECK(test.script.sum("kafka_transactions", {{"result", "aborted"}}) == 1);
}

TEST_CASE("a transaction that is open at the end is aborted, and counted as interrupted") {
  KafkaScript test(R"lua(
    assert(producer:begin_transaction())
    producer:send("t", "v")
  )lua",
                   kTransactional);
  test.run();
  test.flush();
  test.check_books(1, 1, 0, 0);
  CHECK(test.script.sum("kafka_transactions", {{"result", "interrupted"}}) == 1);
}

TEST_CASE("a producer that was fenced goes on as another one") {
  KafkaScript test(R"lua(
    if __ITER == 1 then
      assert(producer:begin_transaction())
      producer:send("t", "v")
      return assert(producer:commit_transaction())
    end
    assert(producer:begin_transaction())
    producer:send("t", "v")
    local committed, failure = producer:commit_transaction()
    assert(committed == false and failure.name == "_FENCED", failure and failure.name)
  )lua",
                   kTransactional);
  // EndTxn
  test.cluster.fail_requests(26, {RD_KAFKA_RESP_ERR_PRODUCER_FENCED});
  test.run();
  test.run();
  CHECK(test.script.sum("kafka_transactions", {{"result", "failed"}}) == 1);
  CHECK(test.script.sum("kafka_transactions", {{"result", "committed"}}) == 1);
}

TEST_CASE("each VU has a transactional producer of its own") {
  KafkaScript test(R"lua(
    assert(producer:begin_transaction())
    producer:send("t", "v")
    assert(producer:commit_transaction())
  )lua",
                   kTransactional);
  test.script.vu(1);
  test.script.vu(2);
  for (const uint64_t vu : {uint64_t{1}, uint64_t{2}, uint64_t{1}})
    CHECK(test.script.iterate(vu) == IterationResult::kCompleted);
  CHECK(test.script.sum("kafka_transactions", {{"result", "committed"}}) == 3);
}

TEST_CASE("calls of transactions say what is wrong with them") {
  KafkaScript plain("producer:begin_transaction()");
  CHECK(plain.script.iterate() == IterationResult::kFailed);
  CHECK(plain.script.vu().error().find("[\"transactional.id\"] = \"orders\"") != std::string::npos);
  KafkaScript early(R"lua(
    local committed, failure = producer:commit_transaction()
    assert(committed == false and failure.name == "_STATE", failure.name)
  )lua",
                    kTransactional);
  early.run();
  CHECK_THROWS_WITH(
      KafkaScript("", R"lua(kafka.producer{ ["transactional.id"] = "t", per_vu = false })lua"),
      doctest::Contains("a producer with a transactional.id belongs to one VU"));
}

}  // namespace perigee
