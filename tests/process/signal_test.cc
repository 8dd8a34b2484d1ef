// What the first and the second SIGINT or SIGTERM do.
#include <csignal>

#include <doctest/doctest.h>

#include "tests/process/accounting.h"

namespace perigee {
namespace {

constexpr const char* kForAMinute = "executor = 'constant-vus', vus = 4, duration = '60s'";

std::string script(const std::string& code) {
  return "local perigee, http = require 'perigee', require 'perigee.http'\nlocal M = {}\n"
         "function M.default() print('loading') perigee.sleep(60) end\n" +
         code + "\nreturn M\n";
}

}  // namespace

TEST_CASE("the first signal ends the load; teardown runs and every output is complete") {
  for (const int signal : {SIGINT, SIGTERM}) {
    CAPTURE(signal);
    const TargetProcess target;
    ScriptRun run(load_script(target.url(), kForAMinute, "get('/bytes/{n}', 50)"),
                  {"--workers", "2"});
    wait_for_requests(target, "/bytes/{n}", 100);
    run.process().signal(signal);
    CHECK(run.exit_code() == 105);
    check_books(run, target);
    CHECK(run.count("iterations") >= 90);
    CHECK(
        run.logged("msg=\"stopping at a signal; teardown and outputs are finished first, a "
                   "second signal ends at once\""));
    CHECK(run.logged("the teardown ran"));
    CHECK(run.out().find("http_req_duration") != std::string::npos);
  }
}

TEST_CASE("the second signal ends the run at once") {
  ScriptRun run(script("function M.teardown() print('in teardown') perigee.sleep(60) end"));
  run.process().wait_for_error("loading");
  run.process().signal(SIGINT);
  run.process().wait_for_error("in teardown");
  run.process().signal(SIGINT);
  CHECK(run.exit_code() == 105);
  CHECK(run.logged("aborted at once by a second signal; outputs may be incomplete"));
}

TEST_CASE("a signal in setup ends it; neither load nor teardown follow") {
  ScriptRun run(
      script("function M.setup() print('in setup') perigee.sleep(60) end\n"
             "function M.teardown() print('in teardown') end"));
  run.process().wait_for_error("in setup");
  run.process().signal(SIGTERM);
  CHECK(run.exit_code() == 105);
  CHECK_FALSE(run.logged("in teardown"));
  CHECK(run.count("iterations") == 0);
  CHECK(run.count("iterations_interrupted") == 0);
  CHECK(run.csv().rows("iterations") == 0);
}

TEST_CASE("a signal in teardown lets it finish") {
  const TargetProcess target;
  ScriptRun run(
      "local http, M = require 'perigee.http', {}\n"
      "function M.default() end\n"
      "function M.teardown()\n"
      "  print('in teardown')\n"
      "  local res = http.get(__ENV.URL .. '/delay/500')\n"
      "  print('the answer is ' .. res.status)\n"
      "end\nreturn M",
      {"-e", "URL=" + target.url()});
  run.process().wait_for_error("in teardown");
  run.process().signal(SIGINT);
  CHECK(run.exit_code() == 105);
  CHECK(run.logged("the answer is 200"));
  CHECK(run.count("iterations") == 1);
  CHECK(run.count("http_reqs") == 1);
}

}  // namespace perigee
