// check and group: what is counted, where, and in which order.
#include <doctest/doctest.h>

#include "tests/support/script_fixture.h"

namespace perigee {
namespace {

constexpr const char* kHead = R"lua(
local perigee = require "perigee"
local check, group = perigee.check, perigee.group
return { default = function()
)lua";

std::string script(const std::string& body) {
  return kHead + body + "\nend }";
}

TagSet check_in(const std::string& name, const std::string& group = "") {
  return {{"check", name}, {"group", group}, {"scenario", "default"}};
}

}  // namespace

TEST_CASE("check calls each condition with the value and counts its result") {
  ScriptFixture fixture(script(R"lua(
  local all = check({ status = 200 }, {
    ["is 200"] = function(res) return res.status == 200 end,
    ["is 404"] = function(res) return res.status == 404 end,
    ["is true"] = true, ["is false"] = false, ["is a value"] = 7,
  })
  assert(all == false)
  assert(check(1, { one = function(v) return v == 1 end, two = true }) == true)
)lua"));
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.samples("checks") == 7);
  CHECK(fixture.sum("checks") == 5);
  CHECK(fixture.sum("checks", check_in("is 200")) == 1);
  CHECK(fixture.samples("checks", check_in("is 404")) == 1);
  CHECK(fixture.sum("checks", check_in("is 404")) == 0);
  CHECK(fixture.sum("checks", check_in("is a value")) == 1);
}

TEST_CASE("what is false in JavaScript fails a check") {
  ScriptFixture fixture("local null = require 'perigee.json'.null" + script(R"lua(
  for _, value in ipairs { 0, -0, "", 0 / 0, null, false } do
    assert(not check(1, { value = value }))
    assert(not check(1, { ["of a function"] = function() return value end }))
  end
  assert(not check(1, { ["nil"] = function() end }))
  assert(check(1, { one = 1, text = "0", table = {}, ["function"] = function() return {} end }))
)lua"));
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.samples("checks") == 17);
  CHECK(fixture.sum("checks") == 4);
}

TEST_CASE("a check's function that gives neither true, false nor nil is warned about once") {
  ScriptFixture fixture("local null = require 'perigee.json'.null" + script(R"lua(
  for _ = 1, 2 do
    check(1, { ["there are items"] = function() return #{} end })
    check(1, { ["there is a token"] = function() return "x" end, none = function() return null end })
    check(1, { ["is right"] = function() return true end, ["is not"] = function() end, one = 1 })
  end
)lua"));
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  for (
      const char* warning :
      {R"(the check \"there are items\" gave a number, which counts as false: let it give true or )",
       R"(the check \"there is a token\" gave a string, which counts as true: let it give true or )",
       R"(the check \"none\" gave a null, which counts as false: let it give true or false)"}) {
    CAPTURE(warning);
    CHECK(fixture.told(warning));
  }
  CHECK(fixture.lines().size() == 3);
}

TEST_CASE("checks run in the order of their names, a list of pairs in its own") {
  ScriptFixture fixture(script(R"lua(
  local order = {}
  local function note(name) return function() order[#order + 1] = name return true end end
  check(1, { c = note("c"), a = note("a"), b = note("b") })
  check(1, { { "z", note("z") }, { "x", note("x") }, { "y", note("y") } })
  print(table.concat(order, " "))
)lua"));
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.told("a b c z x y"));
}

TEST_CASE("a condition that raises an error counts as failed and the error goes on") {
  ScriptFixture fixture(script(R"lua(
  check(nil, { first = true, second = function(res) return res.status == 200 end, third = true })
)lua"));
  CHECK(fixture.iterate() == IterationResult::kFailed);
  CHECK(fixture.vu().error().find("script.lua:6: attempt to index local 'res'") == 0);
  CHECK(fixture.sum("checks", check_in("first")) == 1);
  CHECK(fixture.samples("checks", check_in("second")) == 1);
  CHECK(fixture.sum("checks", check_in("second")) == 0);
  CHECK(fixture.samples("checks", check_in("third")) == 0);
}

TEST_CASE("a condition may wait for something") {
  ScriptFixture fixture(
      script("assert(check(1, { slow = function() perigee.sleep(0.001) return true end }))"));
  CHECK(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.sum("checks", check_in("slow")) == 1);
}

TEST_CASE("tags of a check are added to its samples") {
  ScriptFixture fixture(
      script("check(1, { one = true }, { model = 'iris', size = 4, warm = true })"));
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.sum("checks",
                    {{"check", "one"}, {"model", "iris"}, {"size", "4"}, {"warm", "true"}}) == 1);
}

TEST_CASE("groups nest, give back what their function returns, and are measured") {
  ScriptFixture fixture(script(R"lua(
  local a, b = group("outer", function()
    check(1, { one = true })
    local inner = group("inner", function() check(1, { two = true }) return 5 end)
    check(1, { three = true })
    return inner, "b"
  end)
  assert(a == 5 and b == "b")
  check(1, { four = true })
)lua"));
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.sum("checks", check_in("one", "::outer")) == 1);
  CHECK(fixture.sum("checks", check_in("two", "::outer::inner")) == 1);
  CHECK(fixture.sum("checks", check_in("three", "::outer")) == 1);
  CHECK(fixture.sum("checks", check_in("four", "")) == 1);
  CHECK(fixture.samples("group_duration", {{"group", "::outer"}}) == 1);
  CHECK(fixture.samples("group_duration", {{"group", "::outer::inner"}}) == 1);
}

TEST_CASE("an error leaves its groups, whoever catches it") {
  ScriptFixture fixture(script(R"lua(
  local ok, message = pcall(group, "outer", function()
    group("inner", function() error("broken") end)
  end)
  assert(not ok and message:find("script.lua:7: broken", 1, true))
  check(1, { after = true })
  group("last", function() error("for good") end)
)lua"));
  CHECK(fixture.iterate() == IterationResult::kFailed);
  CHECK(fixture.vu().error().find("script.lua:11: for good") == 0);
  CHECK(fixture.sum("checks", check_in("after", "")) == 1);
  // The next iteration starts outside of every group.
  fixture.iterate();
  CHECK(fixture.sum("checks", check_in("after", "")) == 2);
}

TEST_CASE("what is no argument for them is refused with a reason") {
  const std::pair<const char*, const char*> wrong[] = {
      {"check(1, 2)", "script.lua:5: perigee.check: checks must be a table, got the number 2"},
      {"check(1, { { 1, true } })",
       "script.lua:5: perigee.check: the name of a check must be a string"},
      {"check(1, { { 'a', true }, 'b' })",
       "script.lua:5: perigee.check: a list of checks holds pairs { name, condition }, got a "
       "string"},
      {"check(1, { a = true }, { t = {} })",
       "script.lua:5: perigee.check: tags: \"t\" must be a string, got a table"},
      {"group('a', 1)", "script.lua:5: perigee.group: f must be a function, got the number 1"}};
  for (const auto& [call, message] : wrong) {
    ScriptFixture fixture(script(call));
    CHECK(fixture.iterate() == IterationResult::kFailed);
    CAPTURE(fixture.vu().error());
    CHECK(fixture.vu().error().find(message) == 0);
  }
}

TEST_CASE("the time of a group includes its sleeps") {
  ScriptFixture fixture(script("group('nap', function() perigee.sleep(0.02) end)"));
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.sum("group_duration", {{"group", "::nap"}}) >= 20);
}

TEST_CASE("a group's name can't hold the mark between groups") {
  ScriptFixture fixture(script("group('a::b', print)"));
  CHECK(fixture.iterate() == IterationResult::kFailed);
  CHECK(fixture.vu().error().find(
            "script.lua:5: perigee.group: the name of a group can't contain \"::\": a::b") == 0);
}

}  // namespace perigee
