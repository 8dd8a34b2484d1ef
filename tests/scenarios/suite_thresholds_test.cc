// What makes runs of the scenarios fail: CHECKS_MIN and ERRORS_MAX.
#include <doctest/doctest.h>

#include "tests/scenarios/scenario_run.h"
#include "tests/support/raw_server.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

constexpr int kThresholdsFailed = 99;

ScenarioRun run_against(const TargetProcess& target, std::map<std::string, std::string> more) {
  more.merge(target.environment().environment);
  more.insert({{"WARMUP", "0"}, {"INFER_GRPC_ITERATIONS", "0"}});
  return run_scenario("infer_constant_vu.lua", {"-i", "200"}, {.environment = std::move(more)});
}

}  // namespace

TEST_CASE("inferences that fail make the run fail, unless CHECKS_MIN allows so many") {
  const TargetProcess target({"--no-models", "--error-rate", "0.2"});
  const ScenarioRun strict = run_against(target, {});
  CHECK(strict.process.exit_code == kThresholdsFailed);
  CHECK(strict.check_fails("model http prediction success") > 0);
  CHECK(strict.summary["metrics"]["checks"]["thresholds"]["rate>=0.99"] == true);
  const ScenarioRun lenient = run_against(target, {{"CHECKS_MIN", "0.5"}});
  INFO(lenient.process.err);
  CHECK(lenient.process.exit_code == 0);
  CHECK(lenient.check_fails("model http prediction success") > 0);
}

TEST_CASE("inferences that fail are not hidden by the checks of many models that load") {
  const TargetProcess target({"--no-models", "--error-rate", "0.2"});
  const ScenarioRun run = run_against(target, {{"MAX_NUM_MODELS", "1000"}});
  CHECK(run.process.exit_code == kThresholdsFailed);
  CHECK(run.summary["metrics"]["checks"]["thresholds"]["rate>=0.99"] == false);
  CHECK(run.summary["metrics"]["inference_failed"]["thresholds"]["rate<=0.01"] == true);
}

TEST_CASE("parts that are only shown have an empty table of thresholds in the exported summary") {
  const TargetProcess target;
  const ScenarioRun run = run_against(target, {});
  const nlohmann::json& part = run.summary["metrics"]["http_req_duration{scenario:default}"];
  CHECK(part["thresholds"] == nlohmann::json::object());
}

TEST_CASE("iterations that end with an error make the run fail, unless ERRORS_MAX allows them") {
  const TargetProcess target({"--models", "iris"});
  // A port where nobody listens.
  uint16_t port = 0;
  {
    const RawServer server(std::vector<RawServer::Script>{{}});
    port = server.port();
  }
  std::map<std::string, std::string> environment{
      {"INFER_GRPC_ENDPOINT", "127.0.0.1:" + std::to_string(port)},
      {"INFER_TYPE", "gRPC"},
      {"MODEL_NAME", "iris"},
      {"REQUEST_RATE", "5"},
      {"CONSTANT_RATE_DURATION_SECONDS", "1"}};
  const ScenarioRun strict =
      run_scenario("model_constant_rate.lua", {}, {.environment = environment});
  CHECK(strict.process.exit_code == kThresholdsFailed);
  CHECK(strict.count("iteration_errors") == 5);
  CHECK(strict.summary["metrics"]["iteration_errors"]["thresholds"]["count==0"] == true);
  environment["ERRORS_MAX"] = "5";
  environment["CHECKS_MIN"] = "0";
  const ScenarioRun lenient =
      run_scenario("model_constant_rate.lua", {}, {.environment = environment});
  INFO(lenient.process.err);
  CHECK(lenient.process.exit_code == 0);
  CHECK(lenient.summary["metrics"]["iteration_errors"]["thresholds"]["count<=5"] == false);
}

TEST_CASE(
    "figures of a protocol that is not used fail no run, whatever thresholds without samples do") {
  const TargetProcess target;
  std::map<std::string, std::string> environment = target.environment().environment;
  environment.insert({{"WARMUP", "0"}, {"INFER_GRPC_ITERATIONS", "0"}});
  const ScenarioRun run =
      run_scenario("infer_constant_vu.lua", {"-i", "5", "--threshold-no-samples", "fail"},
                   {.environment = std::move(environment)});
  INFO(run.process.err);
  CHECK(run.process.exit_code == 0);
}

}  // namespace perigee
