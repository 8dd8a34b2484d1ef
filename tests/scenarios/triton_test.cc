// Runs against the Triton that the environment names; see tests/peers/with_triton. Its habits are
// its own: a load refuses parameters that it does not know, metadata lack fields that are empty,
// a model that is not there is 400 on readiness, and there are no versions until it is loaded.
#include <doctest/doctest.h>

#include "tests/scenarios/scenario_run.h"

namespace perigee {
namespace {

const Process::Options kSeveralTypes{
    .environment = {{"MODEL_TYPE", "iris,tfsimple,tfsimple_string,add10"},
                    {"MAX_NUM_MODELS", "3,1,1,1"},
                    {"INFER_BATCH_SIZE", "4,2,2,1"},
                    {"INFER_GRPC_ITERATIONS", "0"}}};
const Process::Options kIris{
    .environment = {{"MODEL_TYPE", "iris"}, {"INFER_GRPC_ITERATIONS", "0"}}};

// The same over gRPC, or over both protocols.
Process::Options with_grpc(Process::Options options, const char* http_iterations) {
  options.environment["INFER_GRPC_ITERATIONS"] = "1";
  options.environment["INFER_HTTP_ITERATIONS"] = http_iterations;
  options.environment["INFER_TYPE"] = "gRPC";
  return options;
}

}  // namespace

TEST_CASE("infer_constant_vu.lua runs against Triton with models of several datatypes") {
  const ScenarioRun run =
      run_scenario("infer_constant_vu.lua", {"-u", "5", "-i", "300"}, kSeveralTypes);
  check_all_passed(run);
  CHECK(run.check_passes("load model success") == 6);
  CHECK(run.check_passes("model status success") == 6);
  CHECK(run.check_passes("model http prediction success") == 306);
  CHECK(run.check_passes("unload model success") == 6);
  CHECK(run.count("http_reqs{scenario:default}") == 300);
}

TEST_CASE("tensors go to Triton as bytes over either protocol") {
  for (const bool grpc : {false, true}) {
    CAPTURE(grpc);
    Process::Options options = grpc ? with_grpc(kSeveralTypes, "0") : kSeveralTypes;
    options.environment["INFER_BINARY"] = "1";
    const ScenarioRun run = run_scenario("infer_constant_vu.lua", {"-u", "2", "-i", "60"}, options);
    check_all_passed(run);
    CHECK(run.check_passes(grpc ? "model grpc prediction success"
                                : "model http prediction success") == 66);
  }
}

TEST_CASE("infer_constant_rate.lua runs against Triton") {
  Process::Options options = kSeveralTypes;
  options.environment["REQUEST_RATE"] = "50";
  options.environment["CONSTANT_RATE_DURATION_SECONDS"] = "2";
  const ScenarioRun run = run_scenario("infer_constant_rate.lua", {}, options);
  check_all_passed(run);
  CHECK(run.count("iterations") == 100);
  CHECK(run.count("dropped_iterations") == 0);
}

TEST_CASE("load_predict_unload.lua runs against Triton, many models at a time") {
  const ScenarioRun run = run_scenario("load_predict_unload.lua", {"-u", "5", "-i", "10"}, kIris);
  check_all_passed(run);
  CHECK(run.check_passes("load model success") == 10);
  CHECK(run.check_passes("model http prediction success") == 10);
  CHECK(run.check_passes("unload model success") == 10);
}

TEST_CASE("load_predict_unload.lua loads a model again that Triton has just unloaded") {
  Process::Options options = kIris;
  options.environment["MODEL_NAME"] = "iris";
  const ScenarioRun run = run_scenario("load_predict_unload.lua", {"-u", "1", "-i", "10"}, options);
  check_all_passed(run);
  CHECK(run.check_passes("model http prediction success") == 10);
}

TEST_CASE("a model that Triton's repository does not have ends the run with Triton's words") {
  Process::Options options = kIris;
  options.environment["MODEL_NAME"] = "nobody";
  const ScenarioRun run = run_scenario("infer_constant_vu.lua", {"-u", "1", "-i", "1"}, options);
  CHECK(run.process.exit_code == 107);
  CHECK(run.process.err.find("the first is nobody: status 500") != std::string::npos);
  CHECK(run.process.err.find("failed to load 'nobody'") != std::string::npos);
}

TEST_CASE("infer_constant_vu.lua runs against Triton over gRPC with models of several datatypes") {
  const ScenarioRun run = run_scenario("infer_constant_vu.lua", {"-u", "5", "-i", "300"},
                                       with_grpc(kSeveralTypes, "0"));
  check_all_passed(run);
  CHECK(run.check_passes("load model success") == 6);
  CHECK(run.check_passes("model status success") == 6);
  CHECK(run.check_passes("model grpc prediction success") == 306);
  CHECK(run.check_passes("unload model success") == 6);
}

TEST_CASE("infer_constant_rate.lua runs against Triton over gRPC") {
  Process::Options options = with_grpc(kSeveralTypes, "0");
  options.environment["REQUEST_RATE"] = "50";
  options.environment["CONSTANT_RATE_DURATION_SECONDS"] = "2";
  const ScenarioRun run = run_scenario("infer_constant_rate.lua", {}, options);
  check_all_passed(run);
  CHECK(run.count("iterations") == 100);
  CHECK(run.check_passes("model grpc prediction success") == 106);
}

TEST_CASE("infer_multiple_rates.lua and predict_agent_oc.lua run against Triton over gRPC") {
  Process::Options options = with_grpc(kSeveralTypes, "0");
  options.environment["CONSTANT_RATE_DURATION_SECONDS"] = "1";
  check_all_passed(run_scenario("infer_multiple_rates.lua", {}, options));
  const ScenarioRun run = run_scenario("predict_agent_oc.lua", {"-u", "2", "-i", "20"}, options);
  check_all_passed(run);
  CHECK(run.check_passes("model grpc prediction success") == 66);
}

TEST_CASE("load_predict_unload.lua runs against Triton over both protocols") {
  const ScenarioRun run =
      run_scenario("load_predict_unload.lua", {"-u", "5", "-i", "10"}, with_grpc(kIris, "1"));
  check_all_passed(run);
  CHECK(run.check_passes("model http prediction success") == 10);
  CHECK(run.check_passes("model grpc prediction success") == 10);
}

}  // namespace perigee
