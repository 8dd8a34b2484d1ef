// Runs against the server of llama.cpp that the environment names; see tests/peers/with_llama.
#include <doctest/doctest.h>

#include "tests/scenarios/scenario_run.h"

namespace perigee {

TEST_CASE("chat_stream.lua reads what llama.cpp streams") {
  const ScenarioRun run =
      run_scenario("chat_stream.lua", {"-u", "1", "-i", "1", "--no-thresholds"}, {});
  check_all_passed(run);
  CHECK(run.check_passes("the stream was whole") == 1);
  CHECK(run.count("tokens") == 64);
}

TEST_CASE("chat_stream.lua loses no stream of ten users in a closed loop against llama.cpp") {
  const ScenarioRun run =
      run_scenario("chat_stream.lua", {"-u", "10", "-i", "100", "--no-thresholds"}, {});
  check_all_passed(run);
  CHECK(run.check_passes("the stream was whole") == 100);
  CHECK(run.count("http_reqs") == 100);
}

}  // namespace perigee
