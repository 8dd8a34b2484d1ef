// The scenarios with the target's scheduler.
#include <doctest/doctest.h>

#include "tests/scenarios/scheduled_run.h"
#include "tests/support/test_authority.h"

namespace perigee {

TEST_CASE("infer_constant_vu.lua loads its models through the scheduler, many at a time") {
  const TargetProcess target({"--no-models", "--load-time", "50ms"});
  const ScenarioRun run = run_scenario("infer_constant_vu.lua", {"-u", "5", "-i", "200"},
                                       scheduled(target, {{"MAX_NUM_MODELS", "100"}}));
  check_all_passed(run);
  CHECK(run.process.err.find("loaded 100 of 100 models") != std::string::npos);
  CHECK(run.process.err.find("unloaded 100 of 100 models") != std::string::npos);
  CHECK(run.check_passes("load model success") == 100);
  CHECK(run.check_passes("model status success") == 200);
  CHECK(run.check_passes("unload model success") == 100);
  CHECK(run.check_passes("model http prediction success") +
            run.check_passes("model grpc prediction success") ==
        400);
  CHECK(scheduler_calls(target, "LoadModel") == 100);
  CHECK(scheduler_calls(target, "SubscribeModelStatus") == 2);
  CHECK_FALSE(target.stats()["routes"].contains("/v2/repository/models/{model}/load"));
}

TEST_CASE("the other scenarios with a set-up load their models through the scheduler, too") {
  for (const char* name :
       {"infer_constant_rate.lua", "infer_multiple_rates.lua", "predict_agent_oc.lua"}) {
    CAPTURE(name);
    const TargetProcess target({"--no-models"});
    const bool oc = std::string(name) == "predict_agent_oc.lua";
    const ScenarioRun run = run_scenario(
        name, oc ? std::vector<std::string>{"-i", "10"} : std::vector<std::string>{},
        scheduled(target, {{"CONSTANT_RATE_DURATION_SECONDS", "1"}, {"MAX_NUM_MODELS", "2"}}));
    check_all_passed(run);
    CHECK(run.check_passes("load model success") == 2);
    CHECK(run.check_passes("unload model success") == 2);
  }
}

TEST_CASE("load_predict_unload.lua loads and unloads through the scheduler") {
  const TargetProcess target({"--no-models", "--load-time", "10ms"});
  const ScenarioRun run = run_scenario("load_predict_unload.lua", {"-u", "5", "-i", "30"},
                                       scheduled(target, {{"INFER_GRPC_ITERATIONS", "2"}}));
  check_all_passed(run);
  CHECK(run.check_passes("load model success") == 30);
  CHECK(run.check_passes("model http prediction success") == 30);
  CHECK(run.check_passes("model grpc prediction success") == 60);
  CHECK(run.check_passes("unload model success") == 30);
  CHECK(scheduler_calls(target, "UnloadModel") == 30);
}

TEST_CASE("a set-up that fails unloads what it has loaded") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run = run_scenario("infer_constant_vu.lua", {"-i", "1"},
                                       scheduled(target, {{"MODEL_TYPE", "iris,tfsimple"},
                                                          {"MODELNAME_PREFIX", "a,fail-b"},
                                                          {"MAX_NUM_MODELS", "3,1"}}));
  CHECK(run.process.exit_code == 107);
  CHECK(run.process.err.find("could not load 1 of 4 models; the first is fail-b0") !=
        std::string::npos);
  CHECK(scheduler_calls(target, "UnloadModel") >= 3);
  CHECK_THROWS(target.get("/v2/models/a0/ready"));
  CHECK_THROWS(target.get("/v2/models/a2/ready"));
}

TEST_CASE("an iteration that fails unloads what it has loaded") {
  const TargetProcess target({"--no-models", "--servers-memory", "30k"});
  const ScenarioRun run = run_scenario("experiment.lua", {"-u", "1", "-i", "2"},
                                       scheduled(target, {{"MODEL_TYPE", "iris"}}));
  CHECK(run.count("iteration_errors") == 2);
  CHECK_THROWS(target.get("/v2/models/iris0-1/ready"));
  CHECK_THROWS(target.get("/v2/models/iris1-1/ready"));
}

TEST_CASE("load_predict_unload.lua loads a model again that it has just unloaded") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run = run_scenario("load_predict_unload.lua", {"-u", "1", "-i", "10"},
                                       scheduled(target, {{"MODEL_NAME", "iris"}}));
  check_all_passed(run);
  CHECK(run.check_passes("unload model success") == 10);
}

TEST_CASE("through SCHEDULER_PROXY models are loaded, and asked for by version 0 without Envoy") {
  const TargetProcess target({"--no-models"});
  Process::Options options =
      scheduled(target, {{"SCHEDULER_PROXY", "true"}, {"MAX_NUM_MODELS", "45"}});
  const ScenarioRun run = run_scenario("infer_constant_vu.lua", {"-i", "20"}, options);
  check_all_passed(run);
  CHECK(run.check_passes("load model success") == 45);
  CHECK(run.check_passes("model status success") == 45);
  CHECK(run.check_passes("unload model success") == 45);
}

TEST_CASE("without Envoy a model that was loaded again is asked for by its new version") {
  const TargetProcess target({"--no-models"});
  Environment environment{{"ENVOY", "0"}, {"MODEL_MEMORY_BYTES", "1k"}};
  check_all_passed(run_scenario("infer_constant_vu.lua", {"-i", "5", "--no-teardown"},
                                scheduled(target, environment)));
  environment["MODEL_MEMORY_BYTES"] = "2Ki";
  check_all_passed(
      run_scenario("infer_constant_vu.lua", {"-i", "5"}, scheduled(target, environment)));
}

TEST_CASE("ENABLE_MODEL_REPLICA_CHANGE has VU 1 load models again with other replicas") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run = run_scenario("infer_constant_vu.lua", {"-u", "1", "-i", "10"},
                                       scheduled(target, {{"ENABLE_MODEL_REPLICA_CHANGE", "true"},
                                                          {"SLEEP_BETWEEN_REPLICA_CHANGE", "0"}}));
  check_all_passed(run);
  CHECK(scheduler_calls(target, "LoadModel") == 11);
}

TEST_CASE("a model that fails to load ends the run with the scheduler's reason") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run =
      run_scenario("infer_constant_vu.lua", {"-i", "5"},
                   scheduled(target, {{"MODELNAME_PREFIX", "fail-"}, {"MAX_NUM_MODELS", "2"}}));
  check_refused(run, "could not load 2 of 2 models; the first is fail-0: ModelFailed: ");
  CHECK(run.check_passes("load model success") == 2);
  CHECK(run.check_fails("model status success") == 2);
}

TEST_CASE("models that do not fit into the servers' memory end the run with ScheduleFailed") {
  const TargetProcess target({"--no-models", "--servers-memory", "10M"});
  const ScenarioRun run =
      run_scenario("infer_constant_vu.lua", {"-i", "5"},
                   scheduled(target, {{"MODEL_MEMORY_BYTES", "4M"}, {"MAX_NUM_MODELS", "3"}}));
  check_refused(run, "could not load 1 of 3 models; the first is iris");
  CHECK(run.process.err.find(": ScheduleFailed: ") != std::string::npos);
}

TEST_CASE("SCHEDULER_TLS speaks TLS with the scheduler") {
  const TestIdentity identity = TestAuthority().issue();
  const TargetProcess target(
      {"--no-models", "--tls-cert=" + identity.certificate, "--tls-key=" + identity.key});
  const ScenarioRun run =
      run_scenario("load_predict_unload.lua", {"-i", "3", "--insecure-skip-tls-verify"},
                   scheduled(target, {{"SCHEDULER_TLS", "1"}, {"INFER_GRPC_TLS", "1"}}));
  check_all_passed(run);
  CHECK(run.check_passes("unload model success") == 3);
}

TEST_CASE("what the suite's other scenarios read is reported where it is set") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run =
      run_scenario("infer_constant_vu.lua", {"-i", "1"},
                   scheduled(target, {{"SKIP_SETUP", "1"}, {"USE_GRPC", "true"}}));
  check_all_passed(run);
  CHECK(run.process.err.find("SKIP_SETUP, USE_GRPC: set, but none of these scenarios reads it") !=
        std::string::npos);
}

TEST_CASE("a name that the scheduler refuses ends the run with the scheduler's words") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run = run_scenario("infer_constant_vu.lua", {"-i", "5"},
                                       scheduled(target, {{"MODELNAME_PREFIX", "iris_a"}}));
  check_refused(run, "the first is iris_a0: LoadModel: status 9: ");
  CHECK(run.check_fails("load model success") == 1);
}

}  // namespace perigee
