// The last moments of a run: what it waits for, who still listens, what it says when it dies.
#include <csignal>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

// Runs a line of bash in a folder with script.lua, with the program as $PERIGEE.
ProcessResult run_in_bash(const std::string& script, const std::string& line) {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << script;
  return run_process({"bash", "-c", line},
                     {.environment = {{"PERIGEE", perigee_program()}}, .folder = folder / ""});
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

constexpr const char* kEmpty = "return { default = function() end }";

}  // namespace

TEST_CASE("looking up a name that takes for ever does not hold up the end") {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua")
      << "local http = require 'perigee.http'\n"
         "return { options = { scenarios = { a = { executor = 'constant-vus', duration = '1s', "
         "gracefulStop = '0s' } } }, default = function() http.get('http://slow.test/') end }";
  Process process(
      {perigee_program(), "run", "script.lua"},
      {.environment = {{"LD_PRELOAD", SLOW_LOOKUP}, {"ASAN_OPTIONS", "verify_asan_link_order=0"}},
       .folder = folder / ""});
  const ProcessResult result = process.wait();
  INFO(result.err);
  CHECK(result.exit_code == 0);
  CHECK(has(result.out, "iterations_interrupted...: 1 "));
}

TEST_CASE("141: whoever read the output has gone") {
  const ProcessResult result =
      run_in_bash(kEmpty,
                  "mkfifo pipe; (exec 3<pipe; exec 3<&-; touch gone) & exec 4>pipe; "
                  "while [ ! -e gone ]; do :; done; $PERIGEE run script.lua >&4");
  CHECK(result.exit_code == 141);
  CHECK(has(result.err, "level=error msg=\"can't write the summary to standard output: Broken"));
}

TEST_CASE("255: the output is on a full disk") {
  const ProcessResult result = run_in_bash(kEmpty, "$PERIGEE run script.lua > /dev/full");
  CHECK(result.exit_code == 255);
  CHECK(has(result.err, "can't write the summary to standard output: No space left on device"));
}

TEST_CASE("a failed threshold counts for more than a closed output") {
  const ProcessResult result = run_in_bash(
      "return { options = { thresholds = { iterations = { 'count>5' } } }, "
      "default = function() end }",
      "$PERIGEE run script.lua > /dev/full");
  CHECK(result.exit_code == 99);
}

TEST_CASE("an output that fails is told while the run goes on") {
  const ShortRun run = run_script(kEmpty, {"--out", "csv=/dev/full"});
  CHECK(
      run.says("level=warning msg=\"csv (/dev/full): can't write /dev/full: No space left on "
               "device; the run goes on without it\""));
}

TEST_CASE(
    "a run that lingers stays after the summary until a signal comes, which changes no exit code") {
  ScriptRun run("return { options = { linger = true }, default = function() end }");
  run.process().wait_for_error("msg=\"the run is over; lingering until Ctrl+C\"");
  CHECK(has(run.process().out(), "iterations"));
  run.process().signal(SIGINT);
  CHECK(run.exit_code() == 0);
  CHECK(run.count("iterations") == 1);
}

TEST_CASE("who interrupts a run does not want it to linger") {
  ScriptRun run(
      "local perigee = require 'perigee'\nreturn { options = { duration = '60s', "
      "linger = true }, default = function() print('loading') perigee.sleep(60) end }");
  run.process().wait_for_error("loading");
  run.process().signal(SIGINT);
  CHECK(run.exit_code() == 105);
  CHECK_FALSE(run.logged("lingering"));
}

#ifndef __SANITIZE_ADDRESS__
TEST_CASE("139: a crash says that it is one") {
  ScriptRun run(
      "local perigee = require 'perigee'\nreturn { options = { duration = '60s' }, "
      "default = function() print('loading') perigee.sleep(60) end }");
  run.process().wait_for_error("loading");
  run.process().signal(SIGSEGV);
  CHECK(run.exit_code() == 139);
  CHECK(run.logged("perigee has crashed, which is a bug of its own; outputs are incomplete"));
}
#endif

}  // namespace perigee
