// Metrics that a script makes itself.
#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/support/script_fixture.h"

namespace perigee {
namespace {

constexpr const char* kScript = R"lua(
local perigee = require "perigee"
local metrics = require "perigee.metrics"
local flowers = metrics.counter("flowers")
local temperature = metrics.gauge("temperature")
local setosa = metrics.rate("setosa")
local width = metrics.trend("width", true)
return { default = function()
  flowers:add(2)
  flowers:add(3, { color = "red", petals = 5 })
  temperature:add(20.5)
  setosa:add(true) setosa:add(false) setosa:add(0) setosa:add(7)
  width:add(1.5)
  perigee.group("inner", function() width:add(2.5) end)
end }
)lua";

}  // namespace

TEST_CASE("each kind of metric takes what is added to it") {
  ScriptFixture fixture(kScript);
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.sum("flowers") == 5);
  CHECK(fixture.sum("temperature") == 20.5);
  CHECK(fixture.samples("setosa") == 4);
  CHECK(fixture.sum("setosa") == 2);
  CHECK(fixture.sum("width") == 4);
}

TEST_CASE("samples have the tags of their call, of the scenario and of the group") {
  ScriptFixture fixture(kScript);
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.sum("flowers", {{"color", "red"}, {"petals", "5"}, {"scenario", "default"}}) == 3);
  CHECK(fixture.sum("width", {{"group", "::inner"}}) == 2.5);
  CHECK(fixture.sum("width", {{"group", ""}}) == 1.5);
}

TEST_CASE("a value that is no number is left out, with a warning") {
  ScriptFixture fixture(
      "local odd = require 'perigee.metrics'.trend('odd')\n"
      "return { default = function() odd:add(0/0) odd:add(1/0) odd:add(1) end }");
  CHECK(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.samples("odd") == 1);
  CHECK(fixture.told("inf is no value for the metric odd; it was left out"));
}

TEST_CASE("metrics are made while the script is loaded, with the same names in every VU") {
  ScriptFixture late(
      "local metrics = require 'perigee.metrics' return { default = function() "
      "metrics.counter('late') end }");
  CHECK(late.iterate() == IterationResult::kFailed);
  CHECK(late.vu().error().find(
            "script.lua:1: metrics.counter: the metric late must be created at the top") == 0);

  ScriptFixture uneven(
      "require 'perigee.metrics'.counter(__VU == 2 and 'other' or 'usual')\n"
      "return { default = function() end }");
  CHECK_NOTHROW(uneven.vu(1));
  CHECK_THROWS_WITH_AS(uneven.vu(2),
                       doctest::Contains("script.lua:1: metrics.counter: the metric other was not "
                                         "created when the script was loaded"),
                       ScriptError);
}

TEST_CASE("the same metric may be made twice, not as two kinds") {
  CHECK_NOTHROW(
      ScriptFixture("local m = require 'perigee.metrics' m.counter('twice') "
                    "m.counter('twice') return {}"));
  CHECK_THROWS_WITH_AS(
      ScriptFixture("local m = require 'perigee.metrics' m.counter('twice') m.rate('twice')"),
      doctest::Contains("exists already as a counter, it can't be a rate too"), ScriptError);
}

TEST_CASE("add without the colon says how to call it") {
  ScriptFixture fixture(
      "local c = require 'perigee.metrics'.counter('calls')\n"
      "return { default = function() c.add(1) end }");
  CHECK(fixture.iterate() == IterationResult::kFailed);
  CHECK(fixture.vu().error().find(
            "write metric:add(value, tags), with a colon instead of the dot") != std::string::npos);
}

TEST_CASE("a metric does not count while the script is loaded") {
  CHECK_THROWS_WITH_AS(ScriptFixture("require 'perigee.metrics'.counter('early'):add(1)"),
                       doctest::Contains("metric:add can't be called while the script is loading"),
                       ScriptError);
}

}  // namespace perigee
