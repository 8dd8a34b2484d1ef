// Runs against the MLServer that the environment names; see tests/peers/with_mlserver.
#include <doctest/doctest.h>

#include "tests/scenarios/scenario_run.h"

namespace perigee {
namespace {

// MLServer serves the models it finds in its folder, under their own names.
Process::Options one_model(std::map<std::string, std::string> more = {}) {
  more["MODEL_NAME"] = "iris";
  return {.environment = std::move(more)};
}

Process::Options over_http(std::map<std::string, std::string> more = {}) {
  more["INFER_GRPC_ITERATIONS"] = "0";
  return one_model(std::move(more));
}

Process::Options over_grpc(std::map<std::string, std::string> more = {}) {
  more["INFER_HTTP_ITERATIONS"] = "0";
  more["INFER_TYPE"] = "gRPC";
  return one_model(std::move(more));
}

}  // namespace

TEST_CASE("infer_constant_vu.lua runs against MLServer") {
  const ScenarioRun run = run_scenario("infer_constant_vu.lua", {"-u", "5", "-i", "500"},
                                       over_http({{"SKIP_UNLOAD_MODEL", "1"}}));
  check_all_passed(run);
  CHECK(run.check_passes("load model success") == 1);
  CHECK(run.check_passes("model http prediction success") == 501);
  CHECK(run.count("http_reqs{scenario:default}") == 500);
}

TEST_CASE("infer_constant_rate.lua runs against MLServer") {
  const ScenarioRun run = run_scenario("infer_constant_rate.lua", {},
                                       over_http({{"SKIP_UNLOAD_MODEL", "1"},
                                                  {"INFER_BATCH_SIZE", "4"},
                                                  {"REQUEST_RATE", "50"},
                                                  {"CONSTANT_RATE_DURATION_SECONDS", "2"}}));
  check_all_passed(run);
  CHECK(run.count("iterations") == 100);
  CHECK(run.count("dropped_iterations") == 0);
}

TEST_CASE("load_predict_unload.lua runs against MLServer") {
  const ScenarioRun run =
      run_scenario("load_predict_unload.lua", {"-u", "1", "-i", "10"}, over_http());
  check_all_passed(run);
  CHECK(run.check_passes("load model success") == 10);
  CHECK(run.check_passes("model http prediction success") == 10);
  CHECK(run.check_passes("unload model success") == 10);
}

TEST_CASE("infer_constant_vu.lua runs against MLServer over gRPC") {
  const ScenarioRun run = run_scenario("infer_constant_vu.lua", {"-u", "5", "-i", "500"},
                                       over_grpc({{"SKIP_UNLOAD_MODEL", "1"}}));
  check_all_passed(run);
  CHECK(run.check_passes("model status success") == 1);
  CHECK(run.check_passes("model grpc prediction success") == 501);
  CHECK(run.check_passes("model http prediction success") == 0);
}

TEST_CASE("tensors go to MLServer as bytes over gRPC") {
  const ScenarioRun run =
      run_scenario("infer_constant_vu.lua", {"-u", "2", "-i", "60"},
                   over_grpc({{"SKIP_UNLOAD_MODEL", "1"}, {"INFER_BINARY", "1"}}));
  check_all_passed(run);
  CHECK(run.check_passes("model grpc prediction success") == 61);
}

TEST_CASE("infer_constant_rate.lua and model_constant_rate.lua run against MLServer over gRPC") {
  for (const char* name : {"infer_constant_rate.lua", "model_constant_rate.lua"}) {
    CAPTURE(std::string(name));
    const ScenarioRun run = run_scenario(name, {},
                                         over_grpc({{"SKIP_UNLOAD_MODEL", "1"},
                                                    {"INFER_BATCH_SIZE", "4"},
                                                    {"REQUEST_RATE", "50"},
                                                    {"CONSTANT_RATE_DURATION_SECONDS", "2"}}));
    check_all_passed(run);
    CHECK(run.count("iterations") == 100);
    CHECK(run.check_fails("model grpc prediction success") == 0);
    CHECK(run.check_passes("model grpc prediction success") >= 100);
  }
}

TEST_CASE("infer_multiple_rates.lua runs against MLServer over both protocols") {
  const ScenarioRun run = run_scenario("infer_multiple_rates.lua", {},
                                       one_model({{"SKIP_UNLOAD_MODEL", "1"},
                                                  {"REQUEST_RATES", "20,40"},
                                                  {"CONSTANT_RATE_DURATION_SECONDS", "2"}}));
  check_all_passed(run);
  CHECK(run.check_passes("model http prediction success") > 1);
  CHECK(run.check_passes("model grpc prediction success") > 1);
}

TEST_CASE("load_predict_unload.lua runs against MLServer over both protocols") {
  const ScenarioRun run =
      run_scenario("load_predict_unload.lua", {"-u", "1", "-i", "10"}, one_model());
  check_all_passed(run);
  CHECK(run.check_passes("load model success") == 10);
  CHECK(run.check_passes("model http prediction success") == 10);
  CHECK(run.check_passes("model grpc prediction success") == 10);
  CHECK(run.check_passes("unload model success") == 10);
}

}  // namespace perigee
