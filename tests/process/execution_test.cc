// perigee.execution in whole runs: numbers over several workers, tags in the outputs, options.
#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {

TEST_CASE("iterations are numbered once over all workers, by either kind of executor") {
  ScriptRun run(
      "local execution = require 'perigee.execution'\n"
      "return { options = { scenarios = {\n"
      "  shared = { executor = 'shared-iterations', vus = 4, iterations = 40 },\n"
      "  arrivals = { executor = 'constant-arrival-rate', rate = 40, duration = '1s', "
      "preAllocatedVUs = 4 } } },\n"
      "default = function() print(execution.scenario.name .. ' number ' .. "
      "execution.scenario.iteration_in_test .. '.') end }",
      {"--workers", "2"});
  REQUIRE(run.exit_code() == 0);
  for (const std::string name : {"shared", "arrivals"}) {
    for (int i = 0; i < 40; ++i) {
      const std::string line = name + " number " + std::to_string(i) + ".";
      INFO(line);
      CHECK(run.logged(line));
      CHECK(run.log().find(line) == run.log().rfind(line));
    }
  }
}

TEST_CASE("a tag of a VU is on its iterations, too") {
  ScriptRun run(
      "local tags = require 'perigee.execution'.vu.metrics.tags\n"
      "return { options = { thresholds = {\n"
      "  ['iterations{user:odd}'] = { 'count==3' }, ['iterations{user:even}'] = { 'count==3' },\n"
      "  ['iteration_duration{user:odd}'] = { 'max<60000' } } },\n"
      "default = function() tags.user = __ITER % 2 == 0 and 'even' or 'odd' end }",
      {"--workers", "1", "-u", "1", "-i", "6"});
  CHECK(run.exit_code() == 0);
  CHECK(run.count("iterations") == 6);
  CHECK(run.csv().rows("iterations") == 6);
}

TEST_CASE("a script sees the options that the run has in the end") {
  ScriptRun run(
      "local test = require 'perigee.execution'.test\n"
      "return { options = { vus = 3, duration = '1h', tags = { team = 'red' } },\n"
      "default = function()\n"
      "  local options = test.options\n"
      "  local only = options.scenarios.default\n"
      "  print(only.executor, only.iterations, only.vus, options.tags.team, options.duration)\n"
      "end }",
      {"-i", "4", "-u", "2"});
  CHECK(run.exit_code() == 0);
  CHECK(run.logged("shared-iterations\\t4\\t2\\tred\\tnil"));
}

}  // namespace perigee
