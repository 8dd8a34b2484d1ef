// The life of a VU: waiting, failing, being cut off, going on.
#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "scripting/values/value_json.h"
#include "tests/support/script_fixture.h"

namespace perigee {
namespace {

std::string script(const std::string& body) {
  return "local perigee, execution = require 'perigee', require 'perigee.execution'\n"
         "return { default = function(data)\n" +
         body + "\nend }";
}

}  // namespace

TEST_CASE("sleep waits at least as long as it says") {
  ScriptFixture fixture(script("perigee.sleep(0.03) perigee.sleep(0)"));
  const Instant before = fixture.loop().now();
  CHECK(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.loop().now() - before >= std::chrono::milliseconds(30));
}

TEST_CASE("an iteration that is interrupted ends at once, and the VU goes on") {
  ScriptFixture fixture(script("if __ITER == 0 then perigee.sleep(1000) end print(__ITER)"));
  fixture.start();
  fixture.vu().interrupt();
  CHECK(fixture.finish() == IterationResult::kInterrupted);
  CHECK(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.lines().size() == 1);
  CHECK(fixture.told("msg=1"));
}

TEST_CASE("an iteration after one that was interrupted in a group starts outside of it") {
  ScriptFixture fixture(
      script("if __ITER == 0 then perigee.group('slow', function() perigee.sleep(1000) end) end\n"
             "perigee.check(1, { ['at the root'] = true })"));
  fixture.start();
  fixture.vu().interrupt();
  CHECK(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.sum("checks", {{"group", ""}}) == 1);
}

TEST_CASE("an interrupt reaches no code of the script, not even its pcall") {
  ScriptFixture fixture(script("pcall(perigee.sleep, 1000) print('after')"));
  fixture.start();
  fixture.vu().interrupt();
  CHECK(fixture.finish() == IterationResult::kInterrupted);
  fixture.loop().post([&] { fixture.loop().stop(); });
  fixture.loop().run();
  CHECK_FALSE(fixture.told("after"));
}

TEST_CASE("to interrupt a VU that does nothing does nothing") {
  ScriptFixture fixture(script(""));
  fixture.vu().interrupt();
  CHECK(fixture.iterate() == IterationResult::kCompleted);
}

TEST_CASE("after an error the VU goes on with its globals and its data") {
  ScriptFixture fixture(
      "runs = 0 return { setup = function() return { n = 40 } end, default = function(data)\n"
      "  runs = runs + 1 data.n = data.n + 1\n"
      "  if runs == 1 then error('once') end\n"
      "  print('runs ' .. runs .. ' n ' .. data.n)\nend }");
  CHECK(json_of_copy(fixture.set_up().data) == nlohmann::json{{"n", 40}});
  CHECK(fixture.iterate() == IterationResult::kFailed);
  CHECK(fixture.vu().error().find("script.lua:3: once") == 0);
  CHECK(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.told("runs 2 n 42"));
}

TEST_CASE("an error names every function on the way to it") {
  ScriptFixture fixture(
      "local function deep() error('here') end\n"
      "return { default = function()\n  deep()\nend }");
  CHECK(fixture.iterate() == IterationResult::kFailed);
  CHECK(fixture.vu().error().find("script.lua:1: here") == 0);
  CHECK(fixture.vu().error().find("script.lua:3: in function") != std::string::npos);
}

TEST_CASE("errors may be any value") {
  ScriptFixture fixture(script(
      "if __ITER == 0 then error({ code = 7 }) elseif __ITER == 1 then error()\n"
      "else error(setmetatable({}, { __tostring = function() return 'own text' end })) end"));
  CHECK(fixture.iterate() == IterationResult::kFailed);
  CHECK(fixture.vu().error().find("(error object is a table value)") == 0);
  CHECK(fixture.iterate() == IterationResult::kFailed);
  CHECK(fixture.vu().error().find("(error object is a nil value)") == 0);
  CHECK(fixture.iterate() == IterationResult::kFailed);
  CHECK(fixture.vu().error().find("own text") == 0);
}

TEST_CASE("__VU, __ITER and perigee.execution count as k6 does") {
  ScriptFixture fixture(
      script("print(__VU, __ITER, execution.vu.id_in_test, execution.vu.iteration_in_scenario,\n"
             "  execution.scenario.iteration_in_test, execution.scenario.name)"));
  fixture.iterate(3);
  fixture.iterate(3);
  fixture.iterate(5);
  CHECK(fixture.told("3\\t0\\t3\\t0\\t0\\tdefault"));
  CHECK(fixture.told("3\\t1\\t3\\t1\\t1\\tdefault"));
  CHECK(fixture.told("5\\t0\\t5\\t0\\t2\\tdefault"));
}

TEST_CASE("print goes to the log, with all its arguments") {
  ScriptFixture fixture(script("print('a', 1, nil, true, {} ~= nil)"));
  fixture.iterate();
  REQUIRE(fixture.lines().size() == 1);
  CHECK(fixture.lines()[0].find("level=info msg=\"a\\t1\\tnil\\ttrue\\ttrue\" source=console") !=
        std::string::npos);
}

TEST_CASE("abort ends the run through its control and never comes back") {
  ScriptFixture fixture(script("perigee.abort('enough') print('after')"));
  fixture.start();
  CHECK(fixture.aborted() == "enough");
  fixture.vu().interrupt();
  CHECK(fixture.finish() == IterationResult::kCompleted);
  CHECK_FALSE(fixture.told("after"));
}

TEST_CASE("fail ends the iteration with the message") {
  ScriptFixture fixture(script("perigee.fail('no model')"));
  CHECK(fixture.iterate() == IterationResult::kFailed);
  CHECK(fixture.vu().error().find("script.lua:3: no model") == 0);
}

TEST_CASE("setup's result reaches every VU as a copy of its own") {
  ScriptFixture fixture(
      "return { setup = function() return { list = {} } end, default = function(data)\n"
      "  data.list[#data.list + 1] = __VU print(__VU .. ' has ' .. #data.list)\nend }");
  fixture.set_up();
  for (const uint64_t id : {1U, 2U, 1U})
    fixture.iterate(id);
  CHECK(fixture.told("1 has 1"));
  CHECK(fixture.told("2 has 1"));
  CHECK(fixture.told("1 has 2"));
}

TEST_CASE("without setup, or when it returns nothing, there is no data") {
  ScriptFixture none(script("assert(data == nil)"));
  CHECK(none.iterate() == IterationResult::kCompleted);
  ScriptFixture nothing(
      "return { setup = function() end, default = function(d) assert(d == nil) end }");
  CHECK(nothing.set_up().failure == ScriptFailure::kNone);
  CHECK(nothing.iterate() == IterationResult::kCompleted);
}

TEST_CASE("an error in setup is told with its line") {
  ScriptFixture fixture("return { setup = function()\n  error('no model')\nend, default = print }");
  const LifecycleResult setup = fixture.set_up();
  CHECK(setup.failure == ScriptFailure::kError);
  CHECK(setup.error.find("script.lua:2: no model") == 0);
}

TEST_CASE("the script's table tells options and functions") {
  const ScriptFixture fixture(
      "return { options = { vus = 2, thresholds = {} }, default = print, setup = print,\n"
      "  infer = print, text = 'no function' }");
  CHECK(fixture.description().options == R"({"thresholds":{},"vus":2})");
  CHECK(fixture.description().functions == std::set<std::string>{"default", "infer", "setup"});
}

TEST_CASE("a first line #! is no Lua and counts as a line") {
  CHECK_THROWS_WITH_AS(ScriptFixture("#!/usr/bin/env perigee\nerror('x')"),
                       doctest::Contains("script.lua:2: x"), ScriptError);
}

TEST_CASE("a thousand VUs go on side by side") {
  ScriptFixture fixture(
      "local kept, perigee = {}, require 'perigee'\n"
      "return { default = function()\n"
      "  kept[#kept + 1] = __VU\n  perigee.sleep(0)\n"
      "  assert(#kept == __ITER + 1 and kept[#kept] == __VU)\nend }");
  for (int round = 0; round < 5; ++round) {
    for (uint64_t id = 1; id <= 1000; ++id)
      REQUIRE(fixture.iterate(id) == IterationResult::kCompleted);
  }
}

TEST_CASE("with the compiler switched off everything is as with it") {
  ScriptFixture fixture(script("local n = 0 for i = 1, 1000 do n = n + i end print(n)"),
                        {.jit = false});
  CHECK(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.told("500500"));
}

}  // namespace perigee
