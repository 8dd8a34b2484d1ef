// Scripts of people's own that use the components of the scenarios.
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "tests/engine/output/scratch_folder.h"
#include "tests/support/process.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

// Runs a script beside the components against the target, whose models it loads.
ProcessResult run_beside_components(const TargetProcess& target, const std::string& script) {
  const ScratchFolder folder;
  for (const char* part : {"components", "protos"})
    std::filesystem::create_directory_symlink(std::filesystem::absolute("scenarios") / part,
                                              folder / part);
  const std::string file = folder / "own.lua";
  std::ofstream(file) << script;
  return run_process({perigee_program(), "run", "--quiet", "-i", "20", file}, target.environment());
}

}  // namespace

TEST_CASE("the script with components in docs/writing-scenarios.md does what it says") {
  const std::string text = read_text("docs/writing-scenarios.md");
  const size_t begin = text.find("local inference = require \"components.inference\"");
  REQUIRE(begin != std::string::npos);
  const TargetProcess target({"--no-models"});
  const ProcessResult result =
      run_beside_components(target, text.substr(begin, text.find("```", begin) - begin));
  INFO(result.err);
  CHECK(result.exit_code == 0);
  CHECK(target.stats()["statuses"]["200"] == target.requests());
  CHECK(target.requests() == 25);
}

TEST_CASE("a script of its own may infer over HTTP only, without saying so at its top") {
  const TargetProcess target({"--no-models"});
  const ProcessResult result = run_beside_components(target, R"lua(
    local inference = require "components.inference"
    local models = require "components.models"
    local setup = require "components.setup"
    return {
      setup = setup.setup_base, teardown = setup.teardown_base,
      default = function() inference.infer(models.any()) end,
    }
  )lua");
  INFO(result.err);
  CHECK(result.exit_code == 0);
  CHECK(target.stats()["routes"]["/v2/models/{model}/infer"] == 21);
  CHECK(target.requests() == 24);
}

}  // namespace perigee
