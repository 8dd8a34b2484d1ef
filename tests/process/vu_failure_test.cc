// VUs that can't be made: the run ends with a message and a code, and does not wait for them.
#include <csignal>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

// The main chunk fails from this VU on.
std::string fails_from(int vu, const std::string& options) {
  return "local perigee = require 'perigee'\n"
         "if __VU >= " +
         std::to_string(vu) + " then error('no more users') end\nreturn { options = { " + options +
         " }, default = function() perigee.sleep(60) end }";
}

// The main chunk fails where it is run for VU 0 again: for setup, teardown, handleSummary.
std::string fails_again(const std::string& function) {
  return R"lua(
local data = require "perigee.data"
local first = false
data.shared("seen", function() first = true return {} end)
if __VU == 0 and not first then error("not again") end
return { default = function() end, )lua" +
         function + " = function() print('called') end }";
}

}  // namespace

TEST_CASE("a planned VU that can't be made ends the run before the load") {
  const ShortRun run = run_script(fails_from(5, "vus = 8, duration = '60s'"), {"--workers", "2"});
  INFO(run.log);
  CHECK(run.exit_code == 107);
  CHECK(run.says(" can't be made: script.lua:2: no more users"));
  // VU 5 on one worker and VU 6 on the other fail for the same reason.
  CHECK(run.log.find("no more users") == run.log.rfind("no more users"));
}

TEST_CASE("an unplanned VU that can't be made ends the run, and is not told as a busy one") {
  for (const char* more : {"", ", overload = 'queue'"}) {
    ScriptRun run(
        fails_from(2, std::string("scenarios = { open = { executor = "
                                  "'constant-arrival-rate', rate = 2, duration = '60s', "
                                  "preAllocatedVUs = 1, maxVUs = 20, gracefulStop = '60s'") +
                          more + " } }"),
        // One worker, so that the first arrival has its VU before the second wants one.
        {"--workers", "1"});
    INFO(more, ": ", run.log());
    CHECK(run.exit_code() == 107);
    CHECK(run.logged(" can't be made: script.lua:2: no more users"));
    CHECK_FALSE(run.logged("maxVUs"));
    CHECK(run.count("iterations_interrupted") == 1);
  }
}

TEST_CASE("where setup's or teardown's own VU can't be made they have failed") {
  for (const char* function : {"setup", "teardown"}) {
    const ShortRun run = run_script(fails_again(function));
    INFO(function, ": ", run.log);
    CHECK(run.exit_code == 107);
    CHECK(run.says("script.lua:5: not again"));
    CHECK_FALSE(run.says("called"));
  }
}

TEST_CASE("where handleSummary's VU can't be made the usual summary is printed") {
  ScriptRun run(fails_again("handleSummary"));
  CHECK(run.exit_code() == 0);
  CHECK(run.logged("handleSummary: script.lua:5: not again"));
  CHECK(run.out().find("iterations") != std::string::npos);
}

TEST_CASE("one signal ends a run whose VUs wait for ever") {
  ScriptRun run(
      "local perigee = require 'perigee'\n"
      "return { options = { vus = 2, duration = '60s' }, setup = function() return '\\255' end,\n"
      "  default = function(data) print(__VU .. ' got ' .. #data) perigee.sleep(60) end }");
  run.process().wait_for_error("1 got 1");
  run.process().wait_for_error("2 got 1");
  run.process().signal(SIGINT);
  CHECK(run.exit_code() == 105);
  CHECK(run.count("iterations_interrupted") == 2);
}

}  // namespace perigee
