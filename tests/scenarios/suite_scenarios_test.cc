#include <doctest/doctest.h>

#include "tests/engine/output/scratch_folder.h"
#include "tests/scenarios/scenario_run.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

using Environment = std::map<std::string, std::string>;

Process::Options options(const TargetProcess& target, Environment environment = {}) {
  environment["INFER_HTTP_ENDPOINT"] = target.url();
  return {.environment = std::move(environment)};
}

const Environment kSeveralTypes{{"MODEL_TYPE", "tfsimple,mlflow_wine,iris"},
                                {"MODELNAME_PREFIX", "tfsimplea,mlflow-winea,irisa"},
                                {"MAX_NUM_MODELS", "50,0,10"},
                                {"INFER_BATCH_SIZE", "2,1,3"}};

}  // namespace

TEST_CASE("infer_constant_vu.lua loads its model, infers and unloads it") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run =
      run_scenario("infer_constant_vu.lua", {"-u", "2", "-i", "30"}, options(target));
  INFO(run.process.err);
  REQUIRE(run.process.exit_code == 0);
  CHECK(run.count("iterations") == 30);
  CHECK(run.check_passes("load model success") == 1);
  CHECK(run.check_passes("model status success") == 1);
  CHECK(run.check_passes("model http prediction success") == 31);
  CHECK(run.check_passes("unload model success") == 1);
  CHECK(run.fails("checks") == 0);
  CHECK(run.count("http_reqs") == 34);
  CHECK(run.count("http_reqs{scenario:default}") == 30);
  CHECK(target.requests() == 34);
}

TEST_CASE(
    "infer_constant_vu.lua loads many models of several types at once and says how far it is") {
  const TargetProcess target({"--no-models", "--load-time", "100ms"});
  const ScenarioRun run = run_scenario("infer_constant_vu.lua", {"-u", "3", "-i", "60"},
                                       options(target, kSeveralTypes));
  INFO(run.process.err);
  REQUIRE(run.process.exit_code == 0);
  CHECK(run.fails("checks") == 0);
  CHECK(run.process.err.find("loaded 60 of 60 models") != std::string::npos);
  CHECK(run.process.err.find("unloaded 60 of 60 models") != std::string::npos);
  const auto routes = target.stats()["routes"];
  CHECK(routes["/v2/repository/models/{model}/load"] == 60);
  CHECK(routes["/v2/models/{model}/infer"] == 120);
  CHECK(routes["/v2/repository/models/{model}/unload"] == 60);
  CHECK(run.count("http_reqs") == target.requests());
  const auto arrivals =
      target.stats("/v2/repository/models/{model}/load")["arrivals_ns"].get<std::vector<int64_t>>();
  REQUIRE(arrivals.size() == 60);
  // One after the other, each when the one before is loaded, they would take six seconds.
  CHECK(arrivals.back() - arrivals.front() < 3'000'000'000);
}

TEST_CASE("every model type's request is accepted by the target") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run = run_scenario(
      "infer_constant_vu.lua", {"-u", "2", "-i", "4"},
      options(target,
              {{"MODEL_TYPE",
                "iris,tfsimple,tfsimple_string,add10,sentiment,pytorch_cifar10,tfmnist,tfresnet152,"
                "onnx_gpt2,mlflow_wine,echo,synth"},
               {"INFER_BATCH_SIZE", "2,2,2,2,2,2,2,1,2,2,2,2"}}));
  INFO(run.process.err);
  REQUIRE(run.process.exit_code == 0);
  CHECK(run.check_passes("load model success") == 12);
  CHECK(run.check_passes("model http prediction success") == 16);
  CHECK(run.fails("checks") == 0);
  CHECK(target.stats()["statuses"] == nlohmann::json{{"200", target.requests()}});
}

TEST_CASE("the suite's own command line works as it stands") {
  const TargetProcess target({"--no-models"});
  const ScratchFolder folder;
  std::filesystem::create_directory_symlink(std::filesystem::absolute("scenarios"),
                                            folder / "scenarios");
  Process::Options setting = options(target);
  setting.folder = folder / "";
  const ProcessResult result =
      run_process({perigee_program(), "run", "--no-teardown", "--summary-export",
                   "results/base.json", "--out", "csv=results/base.gz", "-u", "5", "-i", "2000",
                   "-d", "120m", "scenarios/infer_constant_vu.lua"},
                  setting);
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  const auto summary = nlohmann::json::parse(read_text(folder / "results/base.json"));
  CHECK(summary["metrics"]["iterations"]["count"] == 2000);
  CHECK(summary["metrics"]["http_reqs{scenario:default}"]["count"] == 2000);
  CHECK(read_text(folder / "results/base.gz").substr(0, 2) == "\x1f\x8b");
  // The teardown was left out.
  CHECK_FALSE(target.stats()["routes"].contains("/v2/repository/models/{model}/unload"));
  CHECK(target.requests() == 2003);
}

TEST_CASE("infer_constant_rate.lua infers at the rate of REQUEST_RATE") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run = run_scenario(
      "infer_constant_rate.lua", {},
      options(target, {{"REQUEST_RATE", "50"}, {"CONSTANT_RATE_DURATION_SECONDS", "1"}}));
  INFO(run.process.err);
  REQUIRE(run.process.exit_code == 0);
  CHECK(run.count("iterations") == 50);
  CHECK(run.count("http_reqs{scenario:constant_request_rate}") == 50);
  CHECK(run.fails("checks") == 0);
  CHECK(run.count("http_reqs") == target.requests());
}

TEST_CASE("load_predict_unload.lua gives each iteration a model of its own") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run = run_scenario("load_predict_unload.lua", {"-u", "4", "-i", "20"},
                                       options(target, {{"INFER_HTTP_ITERATIONS", "2"}}));
  INFO(run.process.err);
  REQUIRE(run.process.exit_code == 0);
  CHECK(run.check_passes("load model success") == 20);
  CHECK(run.check_passes("model http prediction success") == 40);
  CHECK(run.check_passes("unload model success") == 20);
  CHECK(run.fails("checks") == 0);
  CHECK(run.count("http_reqs") == 100);
  CHECK(target.requests() == 100);
}

TEST_CASE("without Envoy a model is asked for by name and version") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run = run_scenario("infer_constant_vu.lua", {"-i", "5"},
                                       options(target, {{"ENVOY", "No"}, {"WARMUP", "0"}}));
  INFO(run.process.err);
  REQUIRE(run.process.exit_code == 0);
  CHECK(run.check_passes("model http prediction success") == 5);
}

TEST_CASE("SKIP_LOAD_MODEL, SKIP_INFER and SKIP_UNLOAD_MODEL leave out their part") {
  const TargetProcess target;
  const ScenarioRun run = run_scenario(
      "load_predict_unload.lua", {"-i", "3"},
      options(target,
              {{"SKIP_LOAD_MODEL", "1"}, {"SKIP_INFER", "YES"}, {"SKIP_UNLOAD_MODEL", "true"}}));
  INFO(run.process.err);
  REQUIRE(run.process.exit_code == 0);
  CHECK(run.count("iterations") == 3);
  CHECK(target.requests() == 0);
}

TEST_CASE("MODEL_NAME infers with one model that is served already") {
  const TargetProcess target;
  const ScenarioRun run =
      run_scenario("infer_constant_vu.lua", {"-i", "3"},
                   options(target, {{"MODEL_NAME", "iris"}, {"SKIP_LOAD_MODEL", "1"}}));
  INFO(run.process.err);
  REQUIRE(run.process.exit_code == 0);
  CHECK(run.check_passes("model http prediction success") == 3);
}

TEST_CASE("a model that can't be loaded ends the run and is named") {
  const TargetProcess target;
  const ScenarioRun run =
      run_scenario("infer_constant_vu.lua", {"-i", "3"},
                   options(target, {{"INFER_HTTP_ENDPOINT", ""}, {"MODELNAME_PREFIX", "a/b"}}));
  CHECK(run.process.exit_code == 107);
  CHECK(run.process.err.find("could not load 1 of 1 models; the first is a/b0: status 404") !=
        std::string::npos);
}

TEST_CASE("a model that does not become ready ends the run within the limit and is named") {
  const TargetProcess target({"--no-models"});
  // iris_70 is version 70 of iris, which is loaded; version 1 of it is not.
  const ScenarioRun run = run_scenario("infer_constant_vu.lua", {"-i", "3"},
                                       options(target, {{"ENVOY", "0"},
                                                        {"MODELNAME_PREFIX", "iris_7"},
                                                        {"MODEL_LOAD_TIMEOUT_SECONDS", "1"}}));
  CHECK(run.process.exit_code == 107);
  CHECK(run.process.err.find("1 models are not ready after 1 s (MODEL_LOAD_TIMEOUT_SECONDS)") !=
        std::string::npos);
}

}  // namespace perigee
