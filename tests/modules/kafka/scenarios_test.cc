// The scenarios for Kafka, against a mock cluster.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "modules/kafka/mock_cluster.h"
#include "tests/scenarios/scenario_run.h"

namespace perigee {
namespace {

// A run against the cluster in which nothing failed.
ScenarioRun run_against(const kafka::MockCluster& cluster, const std::string& name,
                        const std::vector<std::string>& flags) {
  ScenarioRun run = run_scenario(
      name, flags, {.environment = {{"KAFKA_BOOTSTRAP_SERVERS", cluster.bootstrap()}}});
  check_all_passed(run);
  CHECK(run.count("kafka_messages_delivered") > 0);
  CHECK(run.count("kafka_messages_produced") == run.count("kafka_messages_delivered"));
  return run;
}

}  // namespace

TEST_CASE("kafka_throughput.lua sends a hundred messages per iteration") {
  const kafka::MockCluster cluster(1);
  const ScenarioRun run = run_against(cluster, "kafka_throughput.lua", {"-u", "2", "-i", "20"});
  CHECK(run.count("kafka_messages_delivered") == 2000);
}

TEST_CASE("kafka_latency.lua measures from end to end") {
  kafka::MockCluster cluster(1);
  cluster.create_topic("perigee-latency", 1);
  const ScenarioRun run =
      run_against(cluster, "kafka_latency.lua", {"-e", "KAFKA_SECONDS=1", "--workers", "1"});
  const uint64_t delivered = run.count("kafka_messages_delivered");
  CHECK(delivered + run.count("dropped_iterations") == 100);
  CHECK(run.count("kafka_messages_consumed") == delivered);
  CHECK(run.check_passes("delivered") == delivered);
}

TEST_CASE("kafka_consume.lua ends when it has read enough, and says what is left") {
  kafka::MockCluster cluster(1);
  cluster.create_topic("perigee-throughput", 1);
  run_against(cluster, "kafka_throughput.lua", {"-u", "1", "-i", "3"});
  const ScenarioRun run =
      run_scenario("kafka_consume.lua", {"--workers", "1"},
                   {.environment = {{"KAFKA_BOOTSTRAP_SERVERS", cluster.bootstrap()},
                                    {"KAFKA_MAX_MESSAGES", "120"}}});
  check_all_passed(run);
  CHECK(run.count("kafka_messages_consumed") == 120);
  CHECK(run.process.err.find("120 messages read, 180 left") != std::string::npos);
}

}  // namespace perigee
