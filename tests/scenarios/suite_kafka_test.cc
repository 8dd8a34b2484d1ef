// The scenarios that infer over Kafka, with the target's own broker and gateway.
#include <string>

#include <doctest/doctest.h>

#include "tests/scenarios/scheduled_run.h"

namespace perigee {
namespace {

constexpr const char* kCheck = "model kafka prediction success";

// A target with a broker on a free port, and what scenarios are told of both.
struct KafkaTarget {
  explicit KafkaTarget(const std::vector<std::string>& options = {})
      : target(with_broker(options)) {
    constexpr std::string_view kListening = "kafka on ";
    const std::string line = target.process().wait_for_line(kListening);
    brokers = line.substr(line.find(kListening) + kListening.size());
  }

  Process::Options told(Environment environment = {}) const {
    environment.merge(target.environment().environment);
    environment.merge(Environment{{"KAFKA_BOOTSTRAP_SERVERS", brokers},
                                  {"CONSTANT_RATE_DURATION_SECONDS", "1"},
                                  {"REQUEST_RATE", "40"}});
    return {.environment = environment};
  }

  // Checks that the gateway has counted what the run has, and that it has answered all of it.
  void check_counts(const ScenarioRun& run, uint64_t failed = 0) const {
    const nlohmann::json counts = target.stats()["kafka"];
    CHECK(counts["requests"] == run.count("kafka_requests"));
    CHECK(counts["replies"] == run.check_passes(kCheck));
    CHECK(counts["errors"] == failed);
    CHECK(run.check_fails(kCheck) == failed);
  }

  TargetProcess target;
  std::string brokers;

 private:
  static std::vector<std::string> with_broker(std::vector<std::string> options) {
    options.insert(options.end(), {"--kafka", "0"});
    return options;
  }
};

}  // namespace

TEST_CASE("kafka_model.lua loads its models and infers over their topics, in either form") {
  for (const char* form : {"protobuf", "json"}) {
    CAPTURE(form);
    const KafkaTarget kafka({"--no-models"});
    const ScenarioRun run =
        run_scenario("kafka_model.lua", {},
                     kafka.told({{"KAFKA_VALUE", form},
                                 {"MODEL_TYPE", "iris,tfsimple,mlflow_wine,echo,sentiment"}}));
    check_all_passed(run);
    CHECK(run.check_passes("load model success") == 5);
    CHECK(run.check_passes("unload model success") == 5);
    CHECK(run.check_passes(kCheck) == 45);
    kafka.check_counts(run);
  }
}

TEST_CASE("kafka_model.lua infers with models that are there, as bytes, asking nothing over HTTP") {
  const KafkaTarget kafka;
  const ScenarioRun run =
      run_scenario("kafka_model.lua", {},
                   kafka.told({{"MODEL_NAME", "iris"},
                               {"SKIP_LOAD_MODEL", "1"},
                               {"SKIP_UNLOAD_MODEL", "1"},
                               {"INFER_BINARY", "1"},
                               {"INFER_KAFKA_ITERATIONS", "2"},
                               {"KAFKA_PROPERTIES", "acks=all,client.id=x,y"}}));
  check_all_passed(run);
  CHECK(run.check_passes(kCheck) == 80);
  CHECK(kafka.target.stats()["requests"] == 0);
  kafka.check_counts(run);
}

TEST_CASE("kafka_model.lua fails where the gateway answers with errors") {
  const KafkaTarget kafka({"--error-rate", "1"});
  const ScenarioRun run =
      run_scenario("kafka_model.lua", {},
                   kafka.told({{"WARMUP", "0"}, {"K6_DEBUG", "1"}, {"REQUEST_RATE", "5"}}));
  constexpr int kThresholds = 99;
  CHECK(run.process.exit_code == kThresholds);
  CHECK(run.process.out.find("ERROR_REPLY failed on purpose") +
            run.process.err.find("ERROR_REPLY failed on purpose") !=
        2 * std::string::npos);
  kafka.check_counts(run, 5);
}

TEST_CASE("kafka_pipeline.lua makes pipelines and infers over their topics") {
  const KafkaTarget kafka({"--no-models"});
  for (const char* form : {"protobuf", "json"}) {
    CAPTURE(form);
    const ScenarioRun run = run_scenario(
        "kafka_pipeline.lua", {},
        kafka.told(
            scheduled(kafka.target, {{"KAFKA_VALUE", form}, {"MAX_NUM_MODELS", "2"}}).environment));
    check_all_passed(run);
    CHECK(run.check_passes("pipeline load success") == 2);
    CHECK(run.check_passes("pipeline unload success") == 2);
    CHECK(run.check_passes(kCheck) == 42);
    CHECK(run.count("kafka_requests") == 42);
  }
  CHECK(kafka.target.stats()["kafka"]["replies"] == 84);
}

TEST_CASE("kafka_pipeline.lua needs a scheduler, unless its pipelines are there") {
  check_refused(
      run_scenario("kafka_pipeline.lua", {}, {}),
      "this scenario needs pipelines, which only a scheduler has: set SCHEDULER_ENDPOINT");
}

TEST_CASE("settings of Kafka that are wrong are refused by name") {
  struct Bad {
    const char *name, *value, *message;
  };
  for (const auto& [name, value, message] : {
           Bad{"KAFKA_BOOTSTRAP_SERVERS", "localhost",
               "KAFKA_BOOTSTRAP_SERVERS=localhost: must be host:port like"},
           Bad{"KAFKA_TOPIC_PREFIX", "a b", "KAFKA_TOPIC_PREFIX=a b: must be letters, digits"},
           Bad{"KAFKA_NAMESPACE", "a/b", "KAFKA_NAMESPACE=a/b: must be letters, digits"},
           Bad{"KAFKA_PROPERTIES", "acks",
               "KAFKA_PROPERTIES=acks: must be properties of librdkafka like acks=all,linger.ms=5"},
           Bad{"KAFKA_PROPERTIES", "ack=all", "ack"},
           Bad{"KAFKA_VALUE", "avro", "KAFKA_VALUE=avro: must be protobuf or json"},
           Bad{"KAFKA_TIMEOUT_SECONDS", "0", "KAFKA_TIMEOUT_SECONDS=0: must be a number above 0"},
           Bad{"INFER_KAFKA_ITERATIONS", "0", "INFER_KAFKA_ITERATIONS=0: must be a whole number"},
       }) {
    const std::string shown = std::string(name) + "=" + value;
    CAPTURE(shown);
    check_refused(run_scenario("kafka_model.lua", {}, {.environment = {{name, value}}}), message);
  }
  check_refused(run_scenario("kafka_model.lua", {},
                             {.environment = {{"KAFKA_VALUE", "json"}, {"INFER_BINARY", "1"}}}),
                "INFER_BINARY has tensors go as bytes, which JSON has no room for");
}

}  // namespace perigee
