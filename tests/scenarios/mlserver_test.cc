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

}  // namespace

TEST_CASE("infer_constant_vu.lua runs against MLServer") {
  const ScenarioRun run = run_scenario("infer_constant_vu.lua", {"-u", "5", "-i", "500"},
                                       one_model({{"SKIP_UNLOAD_MODEL", "1"}}));
  check_all_passed(run);
  CHECK(run.check_passes("load model success") == 1);
  CHECK(run.check_passes("model http prediction success") == 501);
  CHECK(run.count("http_reqs{scenario:default}") == 500);
}

TEST_CASE("infer_constant_rate.lua runs against MLServer") {
  const ScenarioRun run = run_scenario("infer_constant_rate.lua", {},
                                       one_model({{"SKIP_UNLOAD_MODEL", "1"},
                                                  {"INFER_BATCH_SIZE", "4"},
                                                  {"REQUEST_RATE", "50"},
                                                  {"CONSTANT_RATE_DURATION_SECONDS", "2"}}));
  check_all_passed(run);
  CHECK(run.count("iterations") == 100);
  CHECK(run.count("dropped_iterations") == 0);
}

TEST_CASE("load_predict_unload.lua runs against MLServer") {
  const ScenarioRun run =
      run_scenario("load_predict_unload.lua", {"-u", "1", "-i", "10"}, one_model());
  check_all_passed(run);
  CHECK(run.check_passes("load model success") == 10);
  CHECK(run.check_passes("model http prediction success") == 10);
  CHECK(run.check_passes("unload model success") == 10);
}

}  // namespace perigee
