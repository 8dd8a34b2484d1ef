// What the first and the second SIGINT or SIGTERM do.
#include <csignal>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

TEST_CASE("a signal in handleSummary lets it finish, a second one does not") {
  const std::string code = script(
      "M.options = { iterations = 1 }\n"
      "function M.default() end\n"
      "function M.handleSummary(data)\n"
      "  print('in handleSummary')\n"
      "  perigee.sleep(tonumber(__ENV.FOR))\n"
      "  return { stdout = 'my own summary' }\n"
      "end");
  ScriptRun once(code, {"-e", "FOR=0.3"});
  once.process().wait_for_error("in handleSummary");
  once.process().signal(SIGINT);
  CHECK(once.exit_code() == 105);
  CHECK(once.out().find("my own summary") != std::string::npos);
  CHECK(once.logged("handleSummary is finished first, a second signal ends at once"));

  ScriptRun twice(code, {"-e", "FOR=60"});
  twice.process().wait_for_error("in handleSummary");
  twice.process().signal(SIGTERM);
  twice.process().wait_for_error("handleSummary is finished first");
  twice.process().signal(SIGINT);
  CHECK(twice.exit_code() == 105);
  CHECK(twice.logged("aborted at once by a second signal; outputs may be incomplete"));
}

TEST_CASE("after a signal in the load, one in handleSummary is the second") {
  ScriptRun run(
      script("function M.handleSummary() print('in handleSummary') perigee.sleep(60) end"));
  run.process().wait_for_error("loading");
  run.process().signal(SIGINT);
  run.process().wait_for_error("in handleSummary");
  run.process().signal(SIGINT);
  CHECK(run.exit_code() == 105);
  CHECK(run.logged("aborted at once by a second signal; outputs may be incomplete"));
}

TEST_CASE("one signal is enough while the load waits for an output that takes nothing") {
  const ScratchFolder folder;
  const std::string pipe = folder / "pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ScriptRun run(
      "local perigee, metrics = require 'perigee', require 'perigee.metrics'\n"
      "local many = metrics.counter('many')\n"
      "return { options = { scenarios = { a = { executor = 'constant-vus', vus = 2, duration = "
      "'60s' } } },\n"
      "  default = function() for _ = 1, 1000 do many:add(1) end perigee.sleep(0) end,\n"
      "  teardown = function() print('the teardown ran') end }",
      {"--out", "csv=" + pipe});
  run.process().wait_for_error("the raw outputs are slower than the load, which waits for them");
  run.process().signal(SIGINT);
  CHECK(run.exit_code() == 105);
  close(reader);
  CHECK(run.logged("the raw outputs have taken nothing for 3s; the run ends without them"));
  CHECK(run.logged("the teardown ran"));
  CHECK(run.logged("csv (" + pipe + ") is incomplete: it takes nothing any more; at least 1"));
  CHECK(run.summary().contains("metrics"));
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
