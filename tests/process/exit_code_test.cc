// The exit codes that a pipeline acts on.
#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

constexpr const char* kHead = "local perigee = require 'perigee'\nlocal M = {}\n";
constexpr const char* kEmpty = "return { default = function() end }";

std::string script(const std::string& code) {
  return kHead + code + "\nreturn M\n";
}

struct Abort {
  std::string where;
  std::string code;
};

const Abort kAborts[] = {
    {"init", "perigee.abort('enough')"},
    {"setup", "function M.setup() perigee.abort('enough') end function M.default() end"},
    {"an iteration", "function M.default() perigee.abort('enough') print('after') end"},
    {"teardown", "function M.default() end function M.teardown() perigee.abort('enough') end"},
    {"execution.test",
     "local test = require 'perigee.execution'.test function M.default() test.abort('enough') "
     "end"}};

}  // namespace

TEST_CASE("0: the run is complete and every threshold holds") {
  CHECK(run_script("return { options = { thresholds = { iterations = { 'count==1' } } }, "
                   "default = function() end }")
            .exit_code == 0);
}

TEST_CASE("99: a threshold has failed") {
  ScriptRun run(
      "return { options = { iterations = 3, thresholds = { iterations = { 'count>5' } } }, "
      "default = function() end }");
  CHECK(run.exit_code() == 99);
  CHECK(run.logged("level=error msg=\"thresholds have failed: iterations (count>5)\""));
  // As k6 writes it, true is a threshold that has failed.
  CHECK(run.summary()["metrics"]["iterations"]["thresholds"] == nlohmann::json{{"count>5", true}});
}

TEST_CASE("99: a threshold with abortOnFail ends the run early, with teardown") {
  ScriptRun run(
      script("M.options = { vus = 2, duration = '60s', thresholds = { checks = { "
             "{ threshold = 'rate>0.5', abortOnFail = true } } } }\n"
             "function M.default() perigee.check(1, { no = false }) perigee.sleep(0.05) "
             "end\nfunction M.teardown() print('torn down') end"));
  CHECK(run.exit_code() == 99);
  CHECK(run.logged("threshold rate>0.5 of checks has failed; the run is aborted"));
  CHECK(run.logged("torn down"));
  CHECK(run.count("iterations_interrupted") == 2);
  CHECK(run.passes("checks") == 0);
  CHECK(run.fails("checks") == run.csv().rows("checks"));
}

TEST_CASE("99: of several thresholds those are named that have failed") {
  const ShortRun run = run_script(
      "return { options = { thresholds = { iterations = { 'count==1', 'count>5', 'count>6' }, "
      "['iterations{scenario:default}'] = { 'count>7' } } }, default = function() end }");
  CHECK(run.exit_code == 99);
  CHECK(
      run.says_exactly("thresholds have failed: iterations (count>5, count>6), "
                       "iterations{scenario:default} (count>7)"));
}

TEST_CASE("99: an iteration has ended with an error, and --fail-on-errors was given") {
  const std::string second_fails =
      script("function M.default() if __ITER == 1 then error('no token') end end");
  const std::string in_script = script(
      "M.options = { iterations = 3, failOnErrors = true }\n"
      "function M.default() if __ITER == 1 then error('no token') end end");
  CHECK(run_script(second_fails, {"-i", "3"}).exit_code == 0);
  CHECK(run_script(second_fails, {"-i", "1", "--fail-on-errors"}).exit_code == 0);
  CHECK(run_script(in_script, {"--fail-on-errors=false"}).exit_code == 0);
  for (const ShortRun& run :
       {run_script(second_fails, {"-i", "3", "--fail-on-errors"}),
        run_script(second_fails, {"-i", "3", "--fail-on-errors", "--no-thresholds"}),
        run_script(in_script)}) {
    INFO(run.log);
    CHECK(run.exit_code == 99);
    CHECK(run.says("msg=\"1 of 3 iterations ended with an error, first: script.lua:"));
    CHECK(run.says_exactly("thresholds have failed: iteration_errors (count==0)"));
  }
}

TEST_CASE("--no-thresholds judges none") {
  CHECK(run_script("return { options = { thresholds = { iterations = { 'count>5' } } }, "
                   "default = function() end }",
                   {"--no-thresholds"})
            .exit_code == 0);
}

TEST_CASE("100: setup takes too long") {
  const ShortRun run = run_script(script(
      "M.options = { setupTimeout = '200ms' }\nfunction M.setup() perigee.sleep(60) end\n"
      "function M.default() print('load') end\nfunction M.teardown() print('torn down') end"));
  CHECK(run.exit_code == 100);
  CHECK(run.says_exactly("setup() took longer than 200ms (option setupTimeout)"));
  CHECK_FALSE(run.says("load"));
  CHECK_FALSE(run.says("torn down"));
}

TEST_CASE("101: teardown takes too long") {
  ScriptRun run(script(
      "M.options = { teardownTimeout = '200ms' }\nfunction M.teardown() perigee.sleep(60) end\n"
      "function M.default() end"));
  CHECK(run.exit_code() == 101);
  CHECK(run.logged("msg=\"teardown() took longer than 200ms (option teardownTimeout)\""));
  CHECK(run.count("iterations") == 1);
}

TEST_CASE("104: an output that can't be opened is told before the load") {
  for (const char* flag : {"--summary-export", "--out"}) {
    const std::string prefix = flag == std::string("--out") ? "csv=" : "";
    for (const auto& bad : {std::pair{"/proc/x.csv", "No such file or directory"},
                            std::pair{"/usr", "Is a directory"}}) {
      const std::string path = bad.first;
      const ShortRun run =
          run_script("return { default = function() print('load') end }", {flag, prefix + path});
      INFO(flag, " ", path, ": ", run.log);
      CHECK(run.exit_code == 104);
      CHECK(run.says_exactly(flag + (": can't open " + path + " for writing: ") + bad.second));
      CHECK_FALSE(run.says("load"));
    }
  }
}

TEST_CASE("255: an output that is full is told in the end") {
  const ShortRun samples = run_script(kEmpty, {"--out", "csv=/dev/full"});
  CHECK(samples.exit_code == 255);
  CHECK(
      samples.says("msg=\"--out: csv (/dev/full) is incomplete: can't write /dev/full: No space "
                   "left on device ("));
  const ShortRun summary = run_script(kEmpty, {"--summary-export", "/dev/full"});
  CHECK(summary.exit_code == 255);
  CHECK(summary.says_exactly("--summary-export: can't write /dev/full: No space left on device"));
}

TEST_CASE("108: the script calls abort(), wherever it is") {
  for (const Abort& abort : kAborts) {
    const ShortRun run = run_script(script(abort.code));
    INFO(abort.where, ": ", run.log);
    CHECK(run.exit_code == 108);
    CHECK(run.says_exactly("aborted by the script: enough"));
    CHECK_FALSE(run.says("after"));
  }
}

TEST_CASE("110: the script marks the run as failed, which goes on to its end") {
  ScriptRun run(
      script("M.options = { vus = 2, iterations = 6 }\n"
             "local test = require 'perigee.execution'.test\n"
             "function M.setup() test.fail('no model') end\n"
             "function M.default() if __VU == 2 then test.fail() end perigee.sleep(0.01) "
             "end\nfunction M.teardown() print('torn down') end"));
  CHECK(run.exit_code() == 110);
  CHECK(run.logged("level=error msg=\"the script marked the run as failed: no model\""));
  CHECK(run.logged("the script marked the run as failed: the script called test.fail()"));
  CHECK(run.logged("torn down"));
  CHECK(run.count("iterations") == 6);
}

TEST_CASE("110 gives way to what ended the run, and goes before a failed threshold") {
  const std::string top = "local test = require 'perigee.execution'.test ";
  const std::string failing = "test.fail('bad') ";
  CHECK(run_script(script(top + "function M.default() " + failing + "perigee.abort('enough') end"))
            .exit_code == 108);
  CHECK(run_script(script(top +
                          "M.options = { thresholds = { iterations = { 'count>5' } } }\n"
                          "function M.default() " +
                          failing + "end"))
            .exit_code == 110);
}

TEST_CASE("abort() in an iteration interrupts the others and lets teardown run") {
  ScriptRun run(script("M.options = { vus = 4, duration = '60s' }\n"
                       "local run = require 'perigee.execution'.instance\n"
                       "function M.default()\n"
                       "  while __VU == 2 and run.vus_active < 4 do perigee.sleep(0.01) end\n"
                       "  if __VU == 2 then perigee.abort('enough') end\n"
                       "  perigee.sleep(60)\nend\nfunction M.teardown() print('torn down') end"),
                {"--workers", "2"});
  CHECK(run.exit_code() == 108);
  CHECK(run.logged("torn down"));
  // As in k6: the one that aborts has ended by itself.
  CHECK(run.count("iterations") == 1);
  CHECK(run.count("iteration_errors") == 0);
  CHECK(run.count("iterations_interrupted") == 3);
}

}  // namespace perigee
