// Nothing vanishes of messages either: a run's own books against those of the brokers.
#include <csignal>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "modules/kafka/mock_cluster.h"
#include "tests/modules/kafka/broker_count.h"
#include "tests/process/script_run.h"

namespace perigee {
namespace {

constexpr int kPartitions = 4;

// Options that are `options`, and iterations that run `body` with a `producer`.
std::string load(const std::string& servers, const std::string& options, const std::string& body) {
  return fmt::format(R"lua(
local kafka = require "perigee.kafka"
local producer = kafka.producer{{ ["bootstrap.servers"] = "{}" }}
return {{ options = {{ {} }}, default = function() {} end }}
)lua",
                     servers, options, body);
}

// Produced = delivered + failed + interrupted.
void check_books(ScriptRun& run) {
  CHECK(run.count("kafka_messages_produced") == run.count("kafka_messages_delivered") +
                                                    run.count("kafka_messages_failed") +
                                                    run.count("kafka_messages_interrupted"));
}

}  // namespace

TEST_CASE("an open model of sends needs no VU per message, and all of them are at the broker") {
  kafka::MockCluster cluster(1);
  cluster.create_topic("t", kPartitions);
  ScriptRun run(load(cluster.bootstrap(),
                     "scenarios = { load = { executor = 'constant-arrival-rate', rate = 2000, "
                     "timeUnit = '1s', duration = '1s', preAllocatedVUs = 2 } }",
                     R"lua(for i = 1, 5 do producer:send("t", "value") end)lua"));
  CHECK(run.exit_code() == 0);
  INFO(run.log());
  CHECK(run.count("iterations") + run.count("dropped_iterations") == 2000);
  CHECK(run.count("kafka_messages_produced") == 5 * run.count("iterations"));
  CHECK(run.count("kafka_messages_delivered") == run.count("kafka_messages_produced"));
  CHECK(static_cast<uint64_t>(broker_count(cluster.bootstrap(), "t", kPartitions)) ==
        run.count("kafka_messages_delivered"));
}

TEST_CASE("messages that can't leave within gracefulStop are interrupted, and counted") {
  kafka::MockCluster cluster(1);
  cluster.set_down(1);
  ScriptRun run(load(cluster.bootstrap(),
                     "scenarios = { load = { executor = 'per-vu-iterations', vus = 1, "
                     "iterations = 10, gracefulStop = '100ms' } }",
                     R"lua(producer:send("t", "value"))lua"));
  CHECK(run.exit_code() == 0);
  CHECK(run.count("iterations") == 10);
  CHECK(run.count("kafka_messages_interrupted") == 10);
  check_books(run);
}

TEST_CASE("a signal interrupts what is on its way, and the books are kept") {
  kafka::MockCluster cluster(1);
  cluster.set_down(1);
  ScriptRun run(load(cluster.bootstrap(), "vus = 1, duration = '1h'",
                     R"lua(
    producer:send("t", "value")
    print("sent")
    producer:produce{ topic = "t", value = "waits" })lua"));
  run.process().wait_for_error("sent");
  run.process().signal(SIGINT);
  CHECK(run.exit_code() == 105);
  CHECK(run.count("kafka_messages_interrupted") > 0);
  CHECK(run.count("iterations_interrupted") == 1);
  check_books(run);
}

TEST_CASE("messages of setup and teardown are delivered, too") {
  kafka::MockCluster cluster(1);
  cluster.create_topic("t", kPartitions);
  ScriptRun run(fmt::format(R"lua(
local kafka = require "perigee.kafka"
local producer = kafka.producer{{ ["bootstrap.servers"] = "{}" }}
return {{
  setup = function() producer:send("t", "setup") end,
  default = function() producer:send("t", "load") end,
  teardown = function() producer:send("t", "teardown") end,
}}
)lua",
                            cluster.bootstrap()));
  CHECK(run.exit_code() == 0);
  CHECK(run.count("kafka_messages_delivered") == 3);
  CHECK(broker_count(cluster.bootstrap(), "t", kPartitions) == 3);
}

TEST_CASE("a broker that goes and comes back costs no message") {
  kafka::MockCluster cluster(1);
  cluster.create_topic("t", kPartitions);
  ScriptRun run(load(cluster.bootstrap(), "vus = 1, iterations = 300", R"lua(
    if __ITER == 100 then print("a third") end
    producer:send("t", "value")
    if __ITER % 50 == 49 then producer:produce{ topic = "t", value = "value" } end)lua"));
  run.process().wait_for_error("a third");
  cluster.set_down(1);
  cluster.set_up(1);
  CHECK(run.exit_code() == 0);
  CHECK(run.count("kafka_messages_delivered") == 306);
  CHECK(broker_count(cluster.bootstrap(), "t", kPartitions) >= 306);
}

}  // namespace perigee
