// The scenarios with pipelines and experiments of the target's scheduler.
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "tests/engine/output/scratch_folder.h"
#include "tests/scenarios/scheduled_run.h"

namespace perigee {

TEST_CASE("pipeline.lua infers through a pipeline of its own in each iteration") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run =
      run_scenario("pipeline.lua", {"-u", "3", "-i", "15", "-d", "10m"}, scheduled(target));
  check_all_passed(run);
  for (const char* check :
       {"load model success", "pipeline load success", "pipeline unload success",
        "unload model success", "model http prediction success", "model grpc prediction success"})
    CHECK_MESSAGE(run.check_passes(check) == 15, check);
  CHECK(run.check_passes("pipeline status success") == 30);
  CHECK(scheduler_calls(target, "LoadPipeline") == 15);
  CHECK(scheduler_calls(target, "UnloadPipeline") == 15);
}

TEST_CASE("experiment.lua starts and stops an experiment of two models in each iteration") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run = run_scenario("experiment.lua", {"-u", "3", "-i", "15"},
                                       scheduled(target, {{"EXPERIMENTNAME_PREFIX", "ab"}}));
  check_all_passed(run);
  for (const char* check : {"start experiment success", "stop experiment success",
                            "model http prediction success", "model grpc prediction success"})
    CHECK_MESSAGE(run.check_passes(check) == 15, check);
  CHECK(run.check_passes("experiment status success") == 30);
  CHECK(run.check_passes("load model success") == 30);
  CHECK(run.check_passes("unload model success") == 30);
}

TEST_CASE("VIA_PIPELINE infers through a pipeline of each model") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run =
      run_scenario("infer_constant_vu.lua", {"-u", "2", "-i", "40"},
                   scheduled(target, {{"VIA_PIPELINE", "true"}, {"MAX_NUM_MODELS", "4"}}));
  check_all_passed(run);
  CHECK(run.check_passes("pipeline load success") == 4);
  CHECK(run.check_passes("pipeline status success") == 8);
  CHECK(run.check_passes("pipeline unload success") == 4);
  CHECK(run.check_passes("model http prediction success") +
            run.check_passes("model grpc prediction success") ==
        48);
}

TEST_CASE("SKIP_LOAD_EXPERIMENT and SKIP_UNLOAD_EXPERIMENT leave the experiment out") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run = run_scenario(
      "experiment.lua", {"-i", "3"},
      scheduled(target, {{"SKIP_LOAD_EXPERIMENT", "1"}, {"SKIP_UNLOAD_EXPERIMENT", "1"}}));
  check_all_passed(run);
  CHECK(run.check_passes("load model success") == 6);
  CHECK(scheduler_calls(target, "StartExperiment") == 0);
  CHECK(scheduler_calls(target, "StopExperiment") == 0);
}

TEST_CASE("a pipeline with a step of its own name ends the iteration with the scheduler's words") {
  const TargetProcess target({"--no-models"});
  const ScratchFolder folder;
  for (const char* part : {"components", "protos"})
    std::filesystem::create_directory_symlink(std::filesystem::absolute("scenarios") / part,
                                              folder / part);
  const std::string script = folder / "own_name.lua";
  std::ofstream(script) << R"lua(
    local control_plane = require "components.control_plane"
    local models = require "components.models"
    return { default = function()
      local model = models.nth(1, 0)
      control_plane.load_models({ model })
      control_plane.load_pipelines({ { name = model.name, steps = { model.name } } })
    end }
  )lua";
  const ProcessResult result =
      run_process({perigee_program(), "run", "--quiet", script}, scheduled(target));
  INFO(result.err);
  CHECK(result.err.find("could not load 1 of 1 pipelines; the first is iris0: LoadPipeline: "
                        "status 9: ") != std::string::npos);
}

}  // namespace perigee
