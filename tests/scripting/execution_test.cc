// perigee.execution: what a script may know of its run, and do to it.
#include <doctest/doctest.h>

#include "tests/support/script_fixture.h"

namespace perigee {
namespace {

constexpr const char* kHead = R"lua(
local perigee, execution = require "perigee", require "perigee.execution"
local metrics = require "perigee.metrics"
local tokens = metrics.counter("tokens")
return { default = function()
)lua";

std::string script(const std::string& body) {
  return kHead + body + "\nend }";
}

}  // namespace

TEST_CASE("a tag that a VU sets is on all it measures from then on") {
  ScriptFixture fixture(script(R"lua(
  if __ITER == 0 then
    tokens:add(1)
    execution.vu.metrics.tags.model = "iris"
    execution.vu.tags.size = 7
    execution.vu.tags.warm = true
  end
  tokens:add(10)
  perigee.check(1, { one = true })
  perigee.group("inner", function() tokens:add(100) end)
)lua"));
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  const TagSet set{{"model", "iris"}, {"size", "7"}, {"warm", "true"}};
  CHECK(fixture.sum("tokens") == 221);
  CHECK(fixture.sum("tokens", set) == 220);
  CHECK(fixture.sum("tokens", set.with("group", "::inner")) == 200);
  CHECK(fixture.sum("tokens", set.with("scenario", "default")) == 220);
  CHECK(fixture.samples("checks", set) == 2);
}

TEST_CASE("the tags of one VU are not those of another") {
  ScriptFixture fixture(script(R"lua(
  if __VU == 1 then execution.vu.tags.user = "first" end
  tokens:add(__VU)
)lua"));
  fixture.iterate(1);
  fixture.iterate(2);
  CHECK(fixture.sum("tokens", {{"user", "first"}}) == 1);
  CHECK(fixture.sum("tokens") == 3);
}

TEST_CASE("a tag can be read and taken away, those of the run too") {
  ScriptFixture fixture(script(R"lua(
  local tags = execution.vu.metrics.tags
  assert(tags.scenario == "default" and tags.group == "" and tags.model == nil)
  tags.model = "iris"
  assert(execution.vu.tags.model == "iris")
  tags.model, tags.scenario = nil, nil
  assert(tags.model == nil and tags.scenario == nil)
  tokens:add(1)
)lua"));
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.sum("tokens", {{"group", ""}}) == 1);
  CHECK(fixture.sum("tokens", {{"scenario", "default"}}) == 0);
}

TEST_CASE("metadata of a VU can be set, read and taken away") {
  ScriptFixture fixture(script(R"lua(
  local metadata = execution.vu.metrics.metadata
  assert(metadata.trace == nil)
  metadata.trace, metadata.try, metadata.warm = "4bf9", 3, true
  assert(metadata.trace == "4bf9" and metadata.try == "3" and metadata.warm == "true")
  metadata.trace = nil
  assert(metadata.trace == nil and metadata.try == "3")
)lua"));
  CHECK(fixture.iterate() == IterationResult::kCompleted);
}

TEST_CASE("tables of perigee.execution say what can't be set") {
  ScriptFixture fixture(script(R"lua(
  local function refused(f) local ok, message = pcall(f) assert(not ok) print(message) end
  refused(function() execution.vu.metrics.tags.model = {} end)
  refused(function() execution.vu.metrics.tags[1] = "x" end)
  refused(function() execution.vu.metrics.metadata.trace = {} end)
  refused(function() execution.scenario.name = "x" end)
  refused(function() execution.vu.tags = {} end)
  refused(function() execution.test.stop() end)
)lua"));
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  CHECK(
      fixture.told("script.lua:8: execution.vu.metrics.tags.model: must be a string, a number, a "
                   "boolean, or nil to take it away; got a table"));
  CHECK(fixture.told("execution.vu.metrics.tags: the name of a tag must be a string"));
  CHECK(
      fixture.told("execution.vu.metrics.metadata.trace: must be a string, a number, a boolean, or "
                   "nil to take it away; got a table"));
  CHECK(fixture.told("execution.scenario.name can't be set: the table is read-only"));
  CHECK(fixture.told("execution.vu.tags can't be set: the table is read-only"));
  CHECK(fixture.told("there is no execution.test.stop; there are abort, fail, options"));
}

TEST_CASE("the options a script sees are a copy") {
  ScriptFixture fixture(script(R"lua(
  local options = execution.test.options
  options.tags = { a = "b" }
  assert(execution.test.options.tags == nil)
)lua"));
  CHECK(fixture.iterate() == IterationResult::kCompleted);
}

TEST_CASE("test.fail marks the run and the iteration goes on") {
  ScriptFixture fixture(script("execution.test.fail('too slow') tokens:add(1)"));
  CHECK(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.marked_failed() == "too slow");
  CHECK(fixture.sum("tokens") == 1);
  CHECK_FALSE(fixture.aborted());
}

TEST_CASE("test.abort ends the run and is caught by nothing") {
  ScriptFixture fixture(
      script("pcall(function() execution.test.abort('enough') end) tokens:add(1)"));
  fixture.start();
  CHECK(fixture.aborted() == "enough");
  fixture.vu().interrupt();
  // As in k6, its own iteration has ended by itself.
  CHECK(fixture.finish() == IterationResult::kCompleted);
  CHECK(fixture.sum("tokens") == 0);
}

}  // namespace perigee
