// Requests over topics, and their replies.
#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "modules/kafka/reply.h"
#include "tests/modules/kafka/kafka_fixture.h"

namespace perigee {
namespace {

// Asks and answers in one script: VU 1 asks by `requester`, VU 2 answers in `topic`.
std::string clients(std::string_view settings) {
  return fmt::format(R"lua(
    local producer = kafka.producer{{ ["bootstrap.servers"] = servers, ["linger.ms"] = 0 }}
    local gateway = kafka.consumer{{ ["bootstrap.servers"] = servers,
      partitions = {{ {{ topic = "in", partition = 0, offset = "beginning" }} }} }}
    local requester = kafka.requester{{ ["bootstrap.servers"] = servers, ["linger.ms"] = 0,
      reply_topic = "out", error_topic = "errors", {} }}
    local function answer(topic)
      local message = gateway:poll{{ timeout = "10s", max = 1 }}[1]
      producer:produce{{ topic = topic, key = message.key, headers = message.headers,
        value = "answer to " .. message.value }}
    end
  )lua",
                     settings);
}

struct RequestScript {
  explicit RequestScript(std::string_view body, std::string_view settings = "") : cluster(1) {
    for (const char* topic : {"in", "out", "errors"})
      cluster.create_topic(topic, 1);
    script.emplace(kafka_script(cluster.bootstrap(), body, clients(settings)));
  }

  // VU 1 asks while VU 2 answers.
  void run() {
    script->vu(1);
    script->vu(2);
    script->start(1);
    const IterationResult result = script->iterate(2);
    INFO(script->vu(2).error());
    REQUIRE(result == IterationResult::kCompleted);
    while (script->samples("kafka_requests") == 0)
      script->loop().run_once();
  }

  kafka::MockCluster cluster;
  std::optional<ScriptFixture> script;
};

}  // namespace

TEST_CASE("a request has the reply whose key is its own") {
  RequestScript test(R"lua(
    if __VU == 2 then return answer("out") end
    local reply = requester:request({ topic = "in", value = "a question", partition = 0 }, "20s")
    assert(reply.error == nil and reply.value == "answer to a question" and reply.topic == "out")
    assert(reply.duration > 0)
    print("answered")
  )lua");
  test.run();
  CHECK(test.script->told("answered"));
  CHECK(test.script->sum("kafka_requests", {{"topic", "in"}}) == 1);
  CHECK(test.script->samples("kafka_request_duration") == 1);
  CHECK(test.script->sum("kafka_request_failed") == 0);
}

TEST_CASE("a request may have its id in a header, and a key of its own") {
  RequestScript test(R"lua(
    if __VU == 2 then return answer("out") end
    local reply = requester:request{ topic = "in", key = "k", value = "q", headers = { a = { "b", "c" } } }
    assert(reply.value == "answer to q" and reply.key == "k" and reply.headers.a[2] == "c")
    assert(#reply.headers["x-request-id"] > 16)
    print("answered")
  )lua",
                     R"lua(correlation_header = "x-request-id")lua");
  test.run();
  CHECK(test.script->told("answered"));
}

TEST_CASE("a reply in the topic of errors is the request's failure") {
  RequestScript test(R"lua(
    if __VU == 2 then return answer("errors") end
    local reply = requester:request{ topic = "in", value = "q" }
    assert(reply.error.name == "ERROR_REPLY" and reply.error.message == "answer to q")
    print("answered")
  )lua");
  test.run();
  CHECK(test.script->told("answered"));
  CHECK(test.script->sum("kafka_request_failed", {{"error", "ERROR_REPLY"}}) == 1);
}

TEST_CASE("a reply that does not come is a time-out, and one that comes later is counted") {
  RequestScript test(R"lua(
    local reply = requester:request({ topic = "in", value = "q" }, 1)
    assert(reply.error.name == "_TIMED_OUT")
    answer("out")
    producer:produce{ topic = "out", key = "nobody's", value = "v" }
    producer:produce{ topic = "out", value = "no key" }
  )lua");
  const IterationResult result = test.script->iterate();
  INFO(test.script->vu().error());
  CHECK(result == IterationResult::kCompleted);
  while (test.script->sum("kafka_stray_replies") < 3)
    test.script->loop().run_once();
  CHECK(test.script->sum("kafka_stray_replies", {{"kind", "late"}}) == 1);
  CHECK(test.script->sum("kafka_stray_replies", {{"kind", "foreign"}}) == 2);
  CHECK(test.script->sum("kafka_request_failed", {{"error", "_TIMED_OUT"}}) == 1);
}

TEST_CASE("an interrupted request is counted as such") {
  RequestScript test(R"lua(requester:request{ topic = "in", value = "q" })lua");
  test.script->start();
  test.script->vu().interrupt();
  CHECK(test.script->sum("kafka_requests_interrupted") == 1);
  CHECK(test.script->samples("kafka_requests") == 0);
}

TEST_CASE("a requester says what is wrong with it, and with its requests") {
  const kafka::MockCluster cluster(1);
  for (const auto& [top, part] :
       {std::pair{R"lua(kafka.requester{ ["bootstrap.servers"] = servers })lua",
                  "reply_topic is missing"},
        std::pair{R"lua(kafka.requester{ reply_topics = "t" })lua", "there is no property"}}) {
    CHECK_THROWS_WITH(ScriptFixture(kafka_script(cluster.bootstrap(), "", top)),
                      doctest::Contains(part));
  }
  RequestScript test(R"lua(requester:request{ topic = "in", key = "k", value = "q" })lua");
  CHECK(test.script->iterate() == IterationResult::kFailed);
  CHECK(test.script->vu().error().find("the key of a request is its id") != std::string::npos);
}

TEST_CASE("ids of a run are read back, and others are not") {
  const std::string id = kafka::write_correlation_id("run", {.worker = 17, .wait = 0xabcdef});
  const auto read = kafka::read_correlation_id("run", id);
  REQUIRE(read);
  CHECK(read->worker == 17);
  CHECK(read->wait == 0xabcdef);
  for (const char* other : {"", "run", "run-", "run-1", "run-1-", "run-1-x", "ran-1-1", "run-1-1 "})
    CHECK(!kafka::read_correlation_id("run", other));
}

}  // namespace perigee
