// The scenario that changes models, on the target's scheduler.
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "tests/engine/output/scratch_folder.h"
#include "tests/scenarios/scheduled_run.h"

namespace perigee {
namespace {

constexpr const char* kScenario = "core2_qa_control_plane_ops.lua";
constexpr int kAborted = 108;

// Without pauses between operations.
Environment settings(Environment more = {}) {
  more.merge(Environment{{"MAX_NUM_MODELS", "6"},
                         {"MAX_NUM_MODELS_HEADROOM", "4"},
                         {"MAX_MODEL_REPLICAS", "3"},
                         {"MAX_MEM_UPDATE_FRACTION", "0.1"},
                         {"K8S_DELAY_SECONDS_PER_VU", "0"},
                         {"CHECK_STATE_EVERY_SECONDS", "0.1"},
                         {"MAX_CHECK_TIME_SECONDS", "0.05"}});
  return more;
}

// A script of the test's own beside the scenarios' components.
ProcessResult run_own_script(const std::string& source, const Process::Options& options) {
  const ScratchFolder folder;
  for (const char* part : {"components", "protos"})
    std::filesystem::create_directory_symlink(std::filesystem::absolute("scenarios") / part,
                                              folder / part);
  const std::string script = folder / "own.lua";
  std::ofstream(script) << source;
  return run_process({perigee_program(), "run", "--quiet", script}, options);
}

}  // namespace

TEST_CASE("5 users make 300 operations, and the scheduler has what they have made") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run =
      run_scenario(kScenario, {"-u", "5", "-i", "300", "-d", "10m"}, scheduled(target, settings()));
  check_all_passed(run);
  CHECK(run.count("control_plane_ops") == 300);
  CHECK(run.count("state_checks") >= 2);
  CHECK(run.count("state_inconsistencies") == 0);
  // One order for each operation but deletions, and for each model of set-up.
  const uint64_t loads = scheduler_calls(target, "LoadModel");
  const uint64_t unloads = scheduler_calls(target, "UnloadModel");
  CHECK(loads == run.check_passes("load model success"));
  CHECK(unloads == run.check_passes("unload model success"));
  CHECK(loads >= 6);
  CHECK(loads + unloads >= 306);
  CHECK(loads + unloads <= 306 + 10);
}

TEST_CASE("users of two workers keep to the places that there are") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run =
      run_scenario(kScenario, {"-u", "8", "-i", "200", "-d", "10m", "--workers", "2"},
                   scheduled(target, settings({{"MODEL_CREATE_UPDATE_DELETE_BIAS", "1,1,0"}})));
  check_all_passed(run);
  // Of the ten places six are taken at first.
  CHECK(run.check_passes("unload model success") == 10);
  CHECK(scheduler_calls(target, "UnloadModel") == 10);
}

TEST_CASE("VIA_PIPELINE changes the pipeline of each model as well") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run = run_scenario(kScenario, {"-u", "3", "-i", "60", "-d", "10m"},
                                       scheduled(target, settings({{"VIA_PIPELINE", "true"}})));
  check_all_passed(run);
  CHECK(run.count("control_plane_ops") == 60);
  CHECK(run.check_passes("pipeline load success") == run.check_passes("load model success"));
  CHECK(run.check_passes("pipeline unload success") == run.check_passes("unload model success"));
}

TEST_CASE("without models and creations the first model is created all the same") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run =
      run_scenario(kScenario, {"-i", "3", "-d", "10m"},
                   scheduled(target, settings({{"SKIP_LOAD_MODEL", "1"},
                                               {"MODEL_CREATE_UPDATE_DELETE_BIAS", "0,1,0"}})));
  check_all_passed(run);
  CHECK(scheduler_calls(target, "LoadModel") == 3);
  CHECK(scheduler_calls(target, "UnloadModel") == 1);
}

TEST_CASE("a model that somebody else has taken away or brought ends the run with 108") {
  const TargetProcess target({"--no-models"});
  const ProcessResult result = run_own_script(R"lua(
    local control_plane = require "components.control_plane"
    local models = require "components.models"
    local operations = require "components.model_operations"
    local state_check = require "components.state_check"
    return { default = function()
      control_plane.load_models({ models.nth(1, 0), models.nth(1, 70001) })
      operations.add_loaded(1, 0, 1)
      operations.add_loaded(1, 1, 1)
      state_check.run_at_end()
    end }
  )lua",
                                              scheduled(target, settings()));
  INFO(result.err);
  CHECK(result.exit_code == kAborted);
  CHECK(result.err.find("inconsistent: iris1 is not there") != std::string::npos);
  CHECK(result.err.find("inconsistent: iris70001 is there (ModelAvailable), and was deleted or "
                        "never made") != std::string::npos);
  CHECK(result.err.find("2 inconsistencies of the control plane's state") != std::string::npos);
}

TEST_CASE("an operation on a model that is gone is a race, and counted as one") {
  const TargetProcess target({"--no-models"});
  const ProcessResult result =
      run_own_script(R"lua(
    local operations = require "components.model_operations"
    return { default = function()
      operations.add_loaded(1, 0, 1)
      local outcome = operations.run()
      print("race " .. tostring(outcome.race))
    end }
  )lua",
                     scheduled(target, settings({{"MODEL_CREATE_UPDATE_DELETE_BIAS", "0,0,1"}})));
  INFO(result.err);
  CHECK(result.exit_code == 0);
  CHECK(result.err.find("race true") != std::string::npos);
}

TEST_CASE("settings of the operations that can't be are refused by name") {
  const TargetProcess target({"--no-models"});
  const std::pair<Environment, const char*> kWrong[] = {
      {{{"MODEL_CREATE_UPDATE_DELETE_BIAS", "1,2"}},
       "MODEL_CREATE_UPDATE_DELETE_BIAS=1,2: must be three whole numbers like 2,1,1"},
      {{{"MAX_CHECK_TIME_SECONDS", "300"}}, "must be above MAX_CHECK_TIME_SECONDS, which is 300"},
      {{{"MAX_CREATE_OPS_PER_VU", "5"}, {"MAX_NUM_MODELS", "6"}},
       "must be at most MAX_CREATE_OPS_PER_VU, which is 5"},
      {{{"CONTROL_PLANE", "http"}}, "this scenario needs the states of models"},
  };
  for (const auto& [environment, words] : kWrong)
    check_refused(run_scenario(kScenario, {"-i", "1"}, scheduled(target, environment)), words);
}

}  // namespace perigee
