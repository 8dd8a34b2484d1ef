// What the executors do with real scripts.
#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

// Numbers that a script printed as "tag=NUMBER;", in order.
std::vector<uint64_t> printed(const std::string& text, const std::string& tag) {
  std::vector<uint64_t> numbers;
  for (size_t at = text.find(tag + "="); at != std::string::npos; at = text.find(tag + "=", at + 1))
    numbers.push_back(std::stoull(text.substr(at + tag.size() + 1)));
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::vector<uint64_t> up_to(uint64_t count) {
  std::vector<uint64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), uint64_t{0});
  return numbers;
}

// The part of a test of 21 arrivals and 7 VUs that falls to a segment of it.
std::string segment_script(const std::string& segment) {
  return "local segment = '" + segment + "'" + R"(
local execution = require "perigee.execution"
local M = {}
M.options = {
  executionSegment = segment, executionSegmentSequence = "0,1/4,1/2,1",
  scenarios = {
    arrivals = { executor = "constant-arrival-rate", rate = 21, duration = "1s",
                 preAllocatedVUs = 8, exec = "arrive" },
    users = { executor = "per-vu-iterations", vus = 7, exec = "count" } } }
function M.arrive()
  print(string.format("iteration=%d;", execution.scenario.iteration_in_test))
end
function M.count()
  print(string.format("user=%d;", execution.scenario.iteration_in_test))
end
return M)";
}

}  // namespace

TEST_CASE("a VU takes its variables and its number from one scenario to the next") {
  ScriptRun run(R"(
local M = {}
M.options = { scenarios = {
  first  = { executor = "per-vu-iterations", vus = 3, iterations = 2, maxDuration = "1s",
             gracefulStop = "0s" },
  second = { executor = "per-vu-iterations", vus = 3, iterations = 1, startTime = "1s" } } }
local seen = 0
function M.default()
  print(string.format("seen=%d; iter=%d; vu=%d;", seen, __ITER, __VU))
  seen = seen + 1
end
return M)",
                {"--workers", "2"});
  REQUIRE(run.exit_code() == 0);
  const std::string text = run.log() + run.out();
  CHECK(printed(text, "seen") == std::vector<uint64_t>{0, 0, 0, 1, 1, 1, 2, 2, 2});
  CHECK(printed(text, "iter") == printed(text, "seen"));
  CHECK(printed(text, "vu") == std::vector<uint64_t>{1, 1, 1, 2, 2, 2, 3, 3, 3});
  CHECK(run.summary()["metrics"]["vus_max"]["max"] == 3);
}

TEST_CASE("processes that run the segments of a test do every iteration once") {
  std::string text;
  for (const char* segment : {"0:1/4", "25%:0.5", "1/2:1"}) {
    CAPTURE(segment);
    ScriptRun run(segment_script(segment), {"--workers", "2"});
    REQUIRE(run.exit_code() == 0);
    CHECK(run.count("dropped_iterations") == 0);
    text += run.log() + run.out();
  }
  CHECK(printed(text, "iteration") == up_to(21));
  CHECK(printed(text, "user") == up_to(7));
}

TEST_CASE("a segment without work says so, and ends at once and well") {
  ScriptRun run(R"(
return { options = { executionSegment = "1/2:1", vus = 1, duration = "1h" },
         default = function() end })");
  CHECK(run.exit_code() == 0);
  CHECK(run.count("iterations") == 0);
  CHECK(run.logged("nothing of the test falls to its segment 1/2:1"));
}

TEST_CASE("a VU waits until its iteration has lasted as long as minIterationDuration") {
  ScriptRun run(R"(
return { options = { vus = 2, iterations = 6, minIterationDuration = "200ms" },
         default = function() end })");
  REQUIRE(run.exit_code() == 0);
  CHECK(run.count("iterations") == 6);
  // Three iterations of each VU, each of which waits.
  CHECK(run.summary()["metrics"]["iterations"]["rate"] < 6 / 0.4);
  CHECK(run.summary()["metrics"]["iteration_duration"]["med"] < 200);
}

TEST_CASE("random arrivals are as many for the same seed") {
  const auto run_seed = [](const std::string& seed) {
    return R"(
return { options = { scenarios = { users = { executor = "constant-arrival-rate", rate = 50,
           duration = "1s", preAllocatedVUs = 50, arrival = "poisson" )" +
           seed + R"(} } },
         default = function() end })";
  };
  ScriptRun first(run_seed(", seed = 5"));
  ScriptRun again(run_seed(", seed = 5"));
  ScriptRun other(run_seed(", seed = 6"));
  const auto arrivals = [](ScriptRun& run) {
    return run.count("iterations") + run.count("dropped_iterations");
  };
  CHECK(arrivals(first) == arrivals(again));
  CHECK(arrivals(first) != arrivals(other));
}

}  // namespace perigee
